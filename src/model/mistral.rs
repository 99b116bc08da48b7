//! mistral.rs as the language model: a GGUF file in, streams of text out.
//!
//! The engine lives on threads of lowered priority, so that retrieval and encoding go before prose on the cores.

use super::{LanguageModel, Prompt, yield_to_others};
use anyhow::Context;
use mistralrs::{Constraint, GgufModelBuilder, Model, RequestBuilder, Response, TextMessageRole};
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot};

pub struct Mistral {
    name: String,
    orders: mpsc::Sender<(Prompt, mpsc::Sender<String>)>,
    usage: Arc<Mutex<Option<Usage>>>,
}

/// What the engine said of the last whole generation.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub prompt_tokens: usize,
    pub prompt_tps: f32,
    pub written_tokens: usize,
    pub written_tps: f32,
}

/// Generations the engine may hold at once; admission lets one through, a second one is being cancelled.
const MOST_SEQUENCES: usize = 2;
const PREFIXES_KEPT: usize = 8;

impl Mistral {
    /// Loads a GGUF file that carries its tokenizer and chat template.
    ///
    /// # Errors
    /// When the file is missing or no model that mistral.rs knows.
    pub async fn load(path: &Path) -> anyhow::Result<Self> {
        let name = path.file_stem().map_or_else(|| "model".to_owned(), |s| s.to_string_lossy().into_owned());
        let (orders, taken) = mpsc::channel(4);
        let (ready, loaded) = oneshot::channel();
        let path = path.to_owned();
        let usage = Arc::new(Mutex::new(None));
        let kept = usage.clone();
        let run = move || {
            yield_to_others();
            // The first use of rayon's global pool starts its threads, which inherit this thread's priority.
            rayon::broadcast(|_| ());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the system can start a runtime");
            runtime.block_on(serve(&path, taken, ready, &kept));
        };
        std::thread::Builder::new().name("language model".to_owned()).spawn(run).context("start the language model's thread")?;
        loaded.await.context("the language model's thread ended")??;
        Ok(Self { name, orders, usage })
    }

    /// Tokens and speeds of the last generation that ran to its end.
    pub fn last_usage(&self) -> Option<Usage> {
        *self.usage.lock().expect("no holder of this lock can panic")
    }
}

impl LanguageModel for Mistral {
    fn name(&self) -> &str {
        &self.name
    }

    fn generate(&self, prompt: Prompt) -> Pin<Box<dyn Future<Output = anyhow::Result<mpsc::Receiver<String>>> + Send + '_>> {
        Box::pin(async move {
            let (pieces, stream) = mpsc::channel(256);
            self.orders.send((prompt, pieces)).await.context("the language model has stopped")?;
            Ok(stream)
        })
    }
}

async fn serve(
    path: &Path,
    mut orders: mpsc::Receiver<(Prompt, mpsc::Sender<String>)>,
    ready: oneshot::Sender<anyhow::Result<()>>,
    usage: &Arc<Mutex<Option<Usage>>>,
) {
    let model = match load(path).await {
        Ok(model) => Arc::new(model),
        Err(error) => {
            ready.send(Err(error)).ok();
            return;
        }
    };
    ready.send(Ok(())).ok();
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            while let Some((prompt, pieces)) = orders.recv().await {
                let (model, usage) = (model.clone(), usage.clone());
                tokio::task::spawn_local(async move {
                    if let Err(error) = stream(&model, prompt, &pieces, &usage).await {
                        tracing::warn!("a generation ended early: {error:#}");
                    }
                });
            }
        })
        .await;
}

async fn load(path: &Path) -> anyhow::Result<Model> {
    let path = path.canonicalize().with_context(|| format!("find the language model {}", path.display()))?;
    let dir = path.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    GgufModelBuilder::new(dir, vec![file])
        .with_force_cpu()
        .with_max_num_seqs(MOST_SEQUENCES)
        .with_prefix_cache_n(Some(PREFIXES_KEPT))
        .build()
        .await
        .with_context(|| format!("load the language model {}", path.display()))
}

async fn stream(model: &Model, prompt: Prompt, pieces: &mpsc::Sender<String>, usage: &Mutex<Option<Usage>>) -> anyhow::Result<()> {
    let constraint = prompt.schema.map_or(Constraint::None, Constraint::JsonSchema);
    let request = RequestBuilder::new()
        .add_message(TextMessageRole::System, &prompt.system)
        .add_message(TextMessageRole::User, &prompt.user)
        .set_deterministic_sampler()
        .set_sampler_max_len(prompt.max_tokens)
        .set_constraint(constraint);
    let mut stream = model.stream_chat_request(request).await.context("ask the language model")?;
    loop {
        let response = tokio::select! {
            response = stream.next() => response,
            () = pieces.closed() => return Ok(()),
        };
        match response {
            Some(Response::Chunk(chunk)) => {
                if let Some(u) = &chunk.usage {
                    *usage.lock().expect("no holder of this lock can panic") = Some(Usage {
                        prompt_tokens: u.prompt_tokens,
                        prompt_tps: u.avg_prompt_tok_per_sec,
                        written_tokens: u.completion_tokens,
                        written_tps: u.avg_compl_tok_per_sec,
                    });
                }
                let choice = chunk.choices.into_iter().next();
                let end = choice.as_ref().is_none_or(|c| c.finish_reason.is_some());
                if let Some(text) = choice.and_then(|c| c.delta.content)
                    && pieces.send(text).await.is_err()
                {
                    return Ok(());
                }
                if end {
                    return Ok(());
                }
            }
            Some(Response::InternalError(error) | Response::ValidationError(error)) => anyhow::bail!("{error}"),
            Some(Response::ModelError(error, _)) => anyhow::bail!("{error}"),
            Some(_) => {}
            None => return Ok(()),
        }
    }
}
