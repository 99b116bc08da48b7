//! `daogou bench`: what one part does on this machine, as one JSON object.

use crate::config::Bench;

/// # Errors
/// When a model, a clip or a world cannot be loaded, or a rule was broken.
pub async fn bench(what: Bench) -> anyhow::Result<()> {
    if let Bench::Aftersales { operations, world, seed, json: _ } = what {
        return tokio::task::block_in_place(|| super::bench_aftersales::run(operations, world.as_deref(), seed));
    }
    of_models(what).await
}

#[cfg(not(feature = "models"))]
async fn of_models(_: Bench) -> anyhow::Result<()> {
    anyhow::bail!("this build has no models (feature \"models\")")
}

#[cfg(feature = "models")]
async fn of_models(what: Bench) -> anyhow::Result<()> {
    match what {
        Bench::Aftersales { .. } => anyhow::bail!("after-sales needs no model"),
        Bench::Language { model } => real::language(&model).await,
        Bench::Speech { file } => tokio::task::block_in_place(|| real::speech(&file)),
        Bench::Encoder => tokio::task::block_in_place(real::encoder),
        Bench::Catalogue { place, products } => super::bench_search::make(place, products).await,
        Bench::Sight { files, normalization } => tokio::task::block_in_place(|| real::sight(&files, normalization)),
        Bench::Nearest { dir } => tokio::task::block_in_place(|| super::bench_nearest::run(&dir)),
        Bench::Search { place, queries, json: _ } => super::bench_search::run(place, &queries).await,
    }
}

#[cfg(feature = "models")]
mod real {
    use crate::catalog::Lang;
    use crate::model::e5::E5;
    use crate::model::mistral::Mistral;
    use crate::model::pull::{self, ModelDir, ModelSet};
    use crate::model::sight::{Normalization, TwoNets};
    use crate::model::whisper::Whisper;
    use crate::model::{LanguageModel, Picture, Prompt, SpeechRecognizer, TextEncoder, audio};
    use anyhow::Context;
    use serde_json::json;
    use std::path::Path;
    use std::time::Instant;

    const WRITTEN: usize = 64;
    const ROUNDS: usize = 20;
    const TEXT: &str = "A light rain jacket with taped seams, a hood that rolls away and two pockets; it packs into its own chest pocket. \
        一件轻便的防雨夹克，接缝压胶，帽子可以收起，能装进自己的胸袋。";

    /// The features are of the whole picture, scaled to the side of each network.
    pub fn sight(files: &[std::path::PathBuf], normalization: Normalization) -> anyhow::Result<()> {
        let dir = ModelDir::from_env()?;
        let image = pull::paths(&dir, ModelSet::Small).image.context("the manifest has no image encoder")?;
        let nets = TwoNets::load(image.parent().context("it lies in no directory")?)?;
        for file in files {
            let bytes = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
            let picture = Picture::decode(&bytes).with_context(|| format!("open {}", file.display()))?;
            let begun = Instant::now();
            let [lite0, lite2] = nets.features(&picture, normalization);
            let ms = begun.elapsed().as_secs_f64() * 1e3;
            println!("{}", json!({"file": file, "lite0": lite0, "lite2": lite2, "ms": ms}));
        }
        Ok(())
    }

    pub async fn language(path: &Path) -> anyhow::Result<()> {
        let model = Mistral::load(path).await?;
        let system = [TEXT; 4].join(" ");
        let ask = |user: &str, max_tokens| Prompt { system: system.clone(), user: user.to_owned(), max_tokens, schema: None };
        run(&model, ask("Describe a tent at length.", WRITTEN)).await?;
        let cold = model.last_usage().context("the model reported no usage")?;
        let cached = run(&model, ask("Describe a lamp at length.", 2)).await?;
        println!(
            "{}",
            json!({"model": model.name(), "prefill_tokens": cold.prompt_tokens, "prefill_tps": cold.prompt_tps, "decode_tokens": cold.written_tokens,
                "decode_tps": cold.written_tps, "first_token_cached_s": cached})
        );
        Ok(())
    }

    /// Seconds to the first piece of text.
    async fn run(model: &Mistral, prompt: Prompt) -> anyhow::Result<f64> {
        let begun = Instant::now();
        let mut pieces = model.generate(prompt).await?;
        let mut first = None;
        while pieces.recv().await.is_some() {
            first.get_or_insert(begun.elapsed().as_secs_f64());
        }
        first.context("the model wrote nothing")
    }

    pub fn speech(file: &Path) -> anyhow::Result<()> {
        let paths = pull::paths(&ModelDir::from_env()?, ModelSet::Small);
        let mut model = Whisper::load(&paths.speech)?;
        let clip = audio::decode(std::fs::read(file).with_context(|| format!("read {}", file.display()))?)?;
        model.recognize(&clip, Lang::En)?;
        let begun = Instant::now();
        let heard = model.recognize(&clip, Lang::En)?;
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{}",
            json!({"seconds": clip.seconds(), "took_s": seconds, "real_time_factor": seconds / f64::from(clip.seconds()), "text": heard.text, "lang": heard.lang, "sure": heard.sure})
        );
        Ok(())
    }

    pub fn encoder() -> anyhow::Result<()> {
        let paths = pull::paths(&ModelDir::from_env()?, ModelSet::Small);
        let mut model = E5::load(&paths.text_dir)?;
        let mut figures = serde_json::Map::new();
        for (name, text, batch) in [
            ("short_query_ms", "query: wireless mouse", 1),
            ("zh_query_ms", "query: 防滑 登山鞋", 1),
            ("eight_queries_ms", "query: laser printer for the office", 8),
            ("sixteen_titles_ms", "passage: Targus 17 inch laptop privacy filter, black · Privacy filters", 16),
        ] {
            let texts = vec![text.to_owned(); batch];
            model.encode(&texts)?;
            let mut times: Vec<f64> = Vec::new();
            for _ in 0..ROUNDS {
                let begun = Instant::now();
                model.encode(&texts)?;
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            figures.insert(name.to_owned(), json!(times[ROUNDS / 2]));
        }
        println!("{}", serde_json::Value::Object(figures));
        Ok(())
    }
}
