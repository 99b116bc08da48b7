"""A GGUF file in; tokens a second of llama.cpp (xllamacpp) and of daogou on it, measured in one run, and their ratio, out.

usage: language.py --daogou target/release/daogou --model FILE.gguf [--threads N] [--rounds N] [--json]

Both read a prompt of about the same length with an empty prefix cache and write the same number of tokens without sampling.
The two take turns, so that a machine that grows slower or busier meets both alike; the median of each counts.
Daogou's side is `daogou bench language --model FILE`, which prints one JSON object a run:
{"prefill_tokens", "prefill_tps", "decode_tps", "first_token_cached_s"}.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

WRITTEN = 64
PARAGRAPH = (
    "A light rain jacket with taped seams, a hood that rolls away and two pockets; it packs into its own chest pocket. "
    "一件轻便的防雨夹克，接缝压胶，帽子可以收起，能装进自己的胸袋。"
)


def main():
    options = read_options()
    ours, theirs = [], []
    for _ in range(options.rounds):
        ours.append(measure([options.daogou, "bench", "language", "--model", options.model]))
        tokens = str(int(ours[-1]["prefill_tokens"]))
        alone = [sys.executable, __file__, "--model", options.model, "--threads", str(options.threads), "--llama-tokens", tokens]
        theirs.append(measure(alone))
    report(options, ours, theirs)


def measure(command):
    """Runs a command alone and returns the last JSON object it printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    objects = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not objects:
        lines = done.stderr.strip().splitlines() or ["nothing was printed"]
        said = next((line for line in lines if line.startswith(("error:", "daogou:"))), lines[-1])
        sys.exit(f"language.py: {' '.join(command[:3])} did not answer with JSON: {said}")
    return json.loads(objects[-1])


def run_llama(model, threads, tokens):
    """Prefill and decode tokens a second of llama.cpp; itself run in a process of its own."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx = max(2048, tokens * 2 + WRITTEN)
    params.n_parallel = 1
    params.n_gpu_layers = 0
    params.warmup = True
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)

    def complete(prompt, n):
        request = {"prompt": prompt, "n_predict": n, "temperature": 0.0, "ignore_eos": True, "cache_prompt": False}
        answer = server.handle_completions(request)
        answer = json.loads(answer) if isinstance(answer, (str, bytes)) else answer
        return answer["timings"]

    a_paragraph = complete(PARAGRAPH, 1)["prompt_n"]
    prompt = PARAGRAPH * max(1, round(tokens / a_paragraph))
    timings = complete(prompt, WRITTEN)
    print(json.dumps({
        "prefill_tokens": timings["prompt_n"],
        "prefill_tps": timings["prompt_per_second"],
        "decode_tps": timings["predicted_per_second"],
    }), flush=True)
    # The server's threads may outlive the interpreter's patience; everything has been said.
    os._exit(0)


def report(options, ours, theirs):
    median = lambda runs, field: statistics.median(run[field] for run in runs)
    figures = {"model": os.path.basename(options.model), "threads": options.threads, "rounds": options.rounds}
    for field in ("prefill_tokens", "prefill_tps", "decode_tps"):
        figures[field] = {"daogou": median(ours, field), "llama.cpp": median(theirs, field)}
    for field in ("prefill_tps", "decode_tps"):
        figures[field]["ratio"] = figures[field]["daogou"] / figures[field]["llama.cpp"]
    figures["first_token_cached_s"] = median(ours, "first_token_cached_s")
    if not options.json:
        print(f"{figures['model']}, {options.threads} threads, median of {options.rounds}")
        print(f"{'':<24}{'daogou':>10}{'llama.cpp':>12}{'ratio':>8}")
        print(f"{'prompt tokens':<24}{figures['prefill_tokens']['daogou']:>10.0f}{figures['prefill_tokens']['llama.cpp']:>12.0f}")
        for name, field in (("prefill, tokens/s", "prefill_tps"), ("decode, tokens/s", "decode_tps")):
            row = figures[field]
            print(f"{name:<24}{row['daogou']:>10.1f}{row['llama.cpp']:>12.1f}{row['ratio']:>8.2f}")
        print(f"first token with the prefix cached: {figures['first_token_cached_s']:.2f} s")
    else:
        print(json.dumps(figures))


def read_options():
    parser = argparse.ArgumentParser(description="llama.cpp and daogou on one GGUF file")
    parser.add_argument("--daogou", default="target/release/daogou")
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--llama-tokens", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.llama_tokens:
        run_llama(options.model, options.threads, options.llama_tokens)
    return options


if __name__ == "__main__":
    main()
