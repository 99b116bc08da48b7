//! Directories of CLIP, Chinese-CLIP and SigLIP with tiny random weights in; vectors of pictures and texts that can be compared, errors
//! that name the file, and products found by words that stand only in their pictures, out.

use candle_core::{Device, Tensor};
use daogou::app::{Models, Shop, Wanted};
use daogou::config::Backends;
use daogou::ingest::import_feed;
use daogou::model::{Eyes, ImageEncoder, Picture, Sight, SightShape, Subject};
use daogou::search::{Query, Ranking};
use image::{Rgb, RgbImage};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const FAMILIES: [&str; 3] = ["clip", "chinese_clip", "siglip"];
const HIDDEN: usize = 16;
const WIDE: usize = 32;
const PROJECTED: usize = 12;
const WORDS: [&str; 8] = ["[PAD]", "[UNK]", "[CLS]", "red", "mug", "shoe", "杯", "[SEP]"];

/// Seeded weights by name.
struct Weights(HashMap<String, Tensor>, u64);

impl Weights {
    fn put(&mut self, name: &str, shape: &[usize], mean: f32) {
        let values: Vec<f32> = (0..shape.iter().product())
            .map(|_| {
                self.1 = self.1.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                mean + ((self.1 >> 40) as f32 / (1 << 24) as f32 - 0.5) * 0.6
            })
            .collect();
        self.0.insert(name.to_owned(), Tensor::from_vec(values, shape, &Device::Cpu).expect("a tensor"));
    }

    fn linear(&mut self, name: &str, from: usize, to: usize) {
        self.put(&format!("{name}.weight"), &[to, from], 0.0);
        self.put(&format!("{name}.bias"), &[to], 0.0);
    }

    fn norm(&mut self, name: &str) {
        self.put(&format!("{name}.weight"), &[HIDDEN], 1.0);
        self.put(&format!("{name}.bias"), &[HIDDEN], 0.0);
    }

    fn encoder(&mut self, tower: &str) {
        for layer in 0..2 {
            let name = |part: &str| format!("{tower}.encoder.layers.{layer}.{part}");
            ["q_proj", "k_proj", "v_proj", "out_proj"].iter().for_each(|p| self.linear(&name(&format!("self_attn.{p}")), HIDDEN, HIDDEN));
            self.linear(&name("mlp.fc1"), HIDDEN, WIDE);
            self.linear(&name("mlp.fc2"), WIDE, HIDDEN);
            ["layer_norm1", "layer_norm2"].iter().for_each(|n| self.norm(&name(n)));
        }
    }

    fn bert(&mut self) {
        for (table, rows) in [("word", WORDS.len()), ("position", 10), ("token_type", 2)] {
            self.put(&format!("text_model.embeddings.{table}_embeddings.weight"), &[rows, HIDDEN], 0.0);
        }
        self.norm("text_model.embeddings.LayerNorm");
        for layer in 0..2 {
            let name = |part: &str| format!("text_model.encoder.layer.{layer}.{part}");
            ["self.query", "self.key", "self.value", "output.dense"]
                .iter()
                .for_each(|p| self.linear(&name(&format!("attention.{p}")), HIDDEN, HIDDEN));
            self.linear(&name("intermediate.dense"), HIDDEN, WIDE);
            self.linear(&name("output.dense"), WIDE, HIDDEN);
            ["attention.output.LayerNorm", "output.LayerNorm"].iter().for_each(|n| self.norm(&name(n)));
        }
    }

    fn of(family: &str) -> Self {
        let mut weights = Self(HashMap::new(), 7);
        weights.put("vision_model.embeddings.patch_embedding.weight", &[HIDDEN, 3, 4, 4], 0.0);
        weights.put("vision_model.embeddings.position_embedding.weight", &[if family == "siglip" { 4 } else { 5 }, HIDDEN], 0.0);
        weights.encoder("vision_model");
        weights.norm("vision_model.post_layernorm");
        match family {
            "chinese_clip" => weights.bert(),
            _ => {
                weights.put("text_model.embeddings.token_embedding.weight", &[WORDS.len(), HIDDEN], 0.0);
                weights.put("text_model.embeddings.position_embedding.weight", &[10, HIDDEN], 0.0);
                weights.encoder("text_model");
                weights.norm("text_model.final_layer_norm");
            }
        }
        if family == "siglip" {
            weights.put("vision_model.embeddings.patch_embedding.bias", &[HIDDEN], 0.0);
            weights.put("vision_model.head.probe", &[1, 1, HIDDEN], 0.0);
            weights.put("vision_model.head.attention.in_proj_weight", &[3 * HIDDEN, HIDDEN], 0.0);
            weights.put("vision_model.head.attention.in_proj_bias", &[3 * HIDDEN], 0.0);
            weights.linear("vision_model.head.attention.out_proj", HIDDEN, HIDDEN);
            weights.norm("vision_model.head.layernorm");
            weights.linear("vision_model.head.mlp.fc1", HIDDEN, WIDE);
            weights.linear("vision_model.head.mlp.fc2", WIDE, HIDDEN);
            weights.linear("text_model.head", HIDDEN, HIDDEN);
            ["logit_scale", "logit_bias"].iter().for_each(|n| weights.put(n, &[1], 0.0));
        } else {
            weights.put("vision_model.embeddings.class_embedding", &[HIDDEN], 0.0);
            weights.norm("vision_model.pre_layrnorm");
            ["visual_projection.weight", "text_projection.weight"].iter().for_each(|n| weights.put(n, &[PROJECTED, HIDDEN], 0.0));
            weights.put("logit_scale", &[], 2.6);
        }
        weights
    }
}

/// A directory as transformers writes it.
fn directory(family: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    let write = |name: &str, json: Value| std::fs::write(dir.path().join(name), json.to_string()).expect("write a file");
    let part = json!({"hidden_size": HIDDEN, "intermediate_size": WIDE, "num_hidden_layers": 2, "num_attention_heads": 2,
        "vocab_size": WORDS.len(), "max_position_embeddings": 10, "pad_token_id": 0, "image_size": 8, "patch_size": 4});
    write("config.json", json!({"model_type": family, "projection_dim": PROJECTED, "text_config": part, "vision_config": part}));
    let size = if family == "clip" { json!({"shortest_edge": 8}) } else { json!({"height": 8, "width": 8}) };
    write(
        "preprocessor_config.json",
        json!({"size": size, "crop_size": {"height": 8, "width": 8}, "do_center_crop": family == "clip", "resample": 3,
            "rescale_factor": 1.0 / 255.0, "image_mean": [0.48, 0.46, 0.41], "image_std": [0.27, 0.26, 0.28]}),
    );
    match family {
        "chinese_clip" => std::fs::write(dir.path().join("vocab.txt"), WORDS.join("\n")).expect("write a file"),
        _ => {
            let vocab: HashMap<&str, usize> = WORDS.iter().enumerate().map(|(n, word)| (*word, n)).collect();
            let end = |token: &str| json!({"id": token, "ids": [vocab[token]], "tokens": [token]});
            let special = |token: &str| json!({"SpecialToken": {"id": token, "type_id": 0}});
            let single = json!([special("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, special("[SEP]")]);
            write(
                "tokenizer.json",
                json!({"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": {"type": "Lowercase"},
                    "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
                    "post_processor": {"type": "TemplateProcessing", "single": single, "pair": single,
                        "special_tokens": {"[CLS]": end("[CLS]"), "[SEP]": end("[SEP]")}},
                    "model": {"type": "WordLevel", "vocab": vocab, "unk_token": "[UNK]"}}),
            );
        }
    }
    candle_core::safetensors::save(&Weights::of(family).0, dir.path().join("model.safetensors")).expect("write weights");
    dir
}

/// As `--image-model DIR` does.
async fn load(dir: &Path) -> anyhow::Result<Eyes> {
    let image_model = Some(dir.to_string_lossy().into_owned());
    let models = Models::load(&Backends { image_model, encoder: Some("none".to_owned()), ..Backends::default() }, Wanted::Encoders).await?;
    Ok(models.eyes.expect("eyes, when there is no error"))
}

#[tokio::test]
async fn pictures_and_texts_are_vectors_of_one_space() {
    for family in FAMILIES {
        let dir = directory(family);
        let eyes = load(dir.path()).await.unwrap_or_else(|e| panic!("{family}: {e:#}"));
        let dim = if family == "siglip" { HIDDEN } else { PROJECTED };
        assert!(eyes.reads() && eyes.shape().form == dim && eyes.shape().traits == dim, "{family}: {:?}", eyes.shape());
        let striped = |c: u8| Arc::new(Picture(RgbImage::from_fn(40, 30, |x, y| Rgb([c, (x * 6) as u8, (y * 8) as u8]))));
        let see = |c: u8| {
            let eyes = eyes.clone();
            async move { eyes.look(striped(c), Subject::Photo).await.expect("look").form }
        };
        let (one, again, other) = (see(250).await, see(250).await, see(20).await);
        assert_eq!(one, again, "{family}");
        assert!(cosine(&one, &other) < 0.9999, "{family}");
        let (red, blank) = (eyes.read("red mug").await.expect("read"), eyes.read("").await.expect("read"));
        let long = eyes.read(&"red mug 杯 ".repeat(40)).await.expect("a text that is cut off");
        assert_eq!(red, eyes.read("Red  mug").await.expect("read"), "{family}");
        assert!([&blank, &long].iter().all(|text| cosine(&red, text) < 0.9999), "{family}");
        for vector in [&one, &other, &red, &blank, &long] {
            assert_eq!(vector.len(), dim, "{family}");
            assert!((cosine(vector, vector) - 1.0).abs() < 1e-4, "{family}");
        }
    }
}

#[tokio::test]
async fn vectors_of_two_models_are_kept_apart() {
    let mut names = Vec::new();
    for family in FAMILIES {
        let dir = directory(family);
        names.push(load(dir.path()).await.expect("load").name().to_owned());
        assert_eq!(load(dir.path()).await.expect("load again").name(), names[names.len() - 1]);
        edit(&dir, "preprocessor_config.json", "0.48", "0.5");
        names.push(load(dir.path()).await.expect("load").name().to_owned());
    }
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "{names:?}");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    for family in FAMILIES {
        let words = if family == "chinese_clip" { "vocab.txt" } else { "tokenizer.json" };
        for file in ["config.json", "preprocessor_config.json", "model.safetensors", words] {
            let dir = directory(family);
            std::fs::write(dir.path().join(file), "[CLS").expect("write a file");
            says(&dir, file).await;
            std::fs::remove_file(dir.path().join(file)).expect("remove a file");
            says(&dir, file).await;
        }
        let dir = directory(family);
        edit(&dir, "config.json", "\"patch_size\":4", "\"patch_size\":0");
        says(&dir, "patch_size").await;
        let dir = directory(family);
        edit(&dir, "config.json", "\"intermediate_size\":32", "\"intermediate_size\":31");
        says(&dir, "[31, 16]").await;
        let dir = directory(family);
        edit(&dir, "config.json", "\"image_size\":8", "\"image_size\":9");
        says(&dir, "squares of 9").await;
        let mut weights = Weights::of(family).0;
        let missing = if family == "siglip" { "vision_model.head.probe" } else { "vision_model.embeddings.class_embedding" };
        weights.remove(missing);
        candle_core::safetensors::save(&weights, dir.path().join("model.safetensors")).expect("write weights");
        says(&dir, missing).await;
    }
    let dir = directory("clip");
    edit(&dir, "config.json", "\"num_hidden_layers\":2", "\"hidden_act\":\"gelu\",\"num_hidden_layers\":2");
    says(&dir, "hidden_act gelu").await;
    edit(&dir, "config.json", "\"model_type\":\"clip\"", "\"model_type\":\"bert\"");
    says(&dir, "`bert`").await;
}

/// Loading fails with an error that has this in it.
async fn says(dir: &TempDir, what: &str) {
    let error = load(dir.path()).await.err().unwrap_or_else(|| panic!("no error about {what}"));
    assert!(format!("{error:#}").contains(what), "{what}: {error:#}");
}

fn edit(dir: &TempDir, file: &str, from: &str, to: &str) {
    let path = dir.path().join(file);
    let text = std::fs::read_to_string(&path).expect("read a file");
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).expect("write a file");
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Sees the mean colour of a picture's middle, and knows the words for two.
struct Painter;

impl ImageEncoder for Painter {
    fn name(&self) -> &str {
        "painter"
    }

    fn shape(&self) -> SightShape {
        SightShape { form: 3, colour: 3, traits: 3 }
    }

    fn encode(&mut self, picture: &Picture, _: Subject) -> anyhow::Result<Sight> {
        let middle = picture.middle(0.4).0;
        let mean = |c: usize| middle.pixels().map(|p| f32::from(p.0[c])).sum::<f32>();
        let length = (0..3).map(|c| mean(c) * mean(c)).sum::<f32>().sqrt();
        let form: Vec<f32> = (0..3).map(|c| mean(c) / length).collect();
        Ok(Sight { colour: form.clone(), traits: form.clone(), form })
    }

    fn reads(&self) -> bool {
        true
    }

    fn read(&mut self, text: &str) -> anyhow::Result<Vec<f32>> {
        Ok(if text.contains("crimson") { vec![1.0, 0.0, 0.0] } else { vec![0.0, 0.0, 1.0] })
    }
}

#[tokio::test]
async fn words_find_what_only_pictures_show() {
    let data = tempfile::tempdir().expect("a directory");
    let feed = data.path().join("feed.csv");
    let lines = "id,title,price,quantity,color,product_type,image_link\n\
        m1,Aurora,12.50 SGD,4,red,Kitchen > Mugs,draw:mug\n\
        m2,Borealis,12.50 SGD,4,blue,Kitchen > Mugs,draw:mug\n\
        m3,Crimson tide (a novel),12.50 SGD,4,green,Books,draw:mug\n";
    std::fs::write(&feed, lines).expect("write a feed");
    let place = crate::shop::place(data.path());
    // Of places alone one word of two would go before the best picture.
    let models = Models { eyes: Some(Eyes::start(Painter)), ranking: Ranking::Learned, ..Models::none() };
    let shop = Shop::open(&place, models).await.expect("open");
    import_feed(&shop.rooms.store, &[feed], &crate::shop::quietly(data.path())).await.expect("import");
    let search = &shop.rooms.search;
    search.catch_up(&shop.rooms.store).await.expect("catch up");
    search.look_at_missing(|_, _| ()).await.expect("look at pictures");
    let ask = |text: &str, lexical_only| search.find(Query { text: text.to_owned(), limit: 5, lexical_only, ..Query::default() });
    let found = ask("something crimson-ish, crimsonlike", false).await.expect("search");
    assert_eq!(found.hits[0].item.id, "m1");
    let hit = found.hits.iter().find(|h| h.item.id == "m2").expect("the blue one");
    assert!(found.hits[0].signals.image > hit.signals.image && found.hits[0].parts.image > hit.parts.image, "{:?}", hit.signals);
    assert_eq!(ask("deep navy tone", false).await.expect("search").hits[0].item.id, "m2");
    // Without patience pictures are waited for all the same when words find nothing.
    let hurried = Query { text: "deep navy tone".to_owned(), limit: 5, patience: Some(Duration::ZERO), ..Query::default() };
    assert_eq!(search.find(hurried).await.expect("search").hits[0].item.id, "m2");
    // Titles that say it go before pictures that show it; and what is to be exact stays so.
    assert_eq!(ask("crimson tide", false).await.expect("search").hits[0].item.id, "m3");
    assert!(ask("deep navy tone", true).await.expect("search").hits.is_empty());
}
