//! Any OpenAI-compatible server as the language model: prompts in, streamed chat completions out (server-sent events).

use super::{LanguageModel, Prompt};
use anyhow::{Context, ensure};
use futures::StreamExt;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::mpsc;

pub struct OpenAi {
    client: reqwest::Client,
    url: String,
    name: String,
    key: Option<String>,
}

impl OpenAi {
    /// `address` is `URL#name`, such as `http://127.0.0.1:8000/v1#qwen`; the key comes from `DAOGOU_MODEL_KEY`.
    ///
    /// # Errors
    /// When the address has no `#name`.
    pub fn new(address: &str) -> anyhow::Result<Self> {
        let (url, name) = address.split_once('#').context("write the model server as openai:URL#model-name")?;
        let client = reqwest::Client::builder().connect_timeout(Duration::from_secs(5)).build().context("set up the HTTP client")?;
        let url = format!("{}/chat/completions", url.trim_end_matches('/'));
        Ok(Self { client, url, name: name.to_owned(), key: std::env::var("DAOGOU_MODEL_KEY").ok() })
    }
}

impl LanguageModel for OpenAi {
    fn name(&self) -> &str {
        &self.name
    }

    fn generate(&self, prompt: Prompt) -> Pin<Box<dyn Future<Output = anyhow::Result<mpsc::Receiver<String>>> + Send + '_>> {
        Box::pin(async move {
            let mut body = json!({"model": self.name, "stream": true, "temperature": 0, "max_tokens": prompt.max_tokens,
                "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]});
            if let Some(schema) = prompt.schema {
                body["response_format"] = json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}});
            }
            let mut request = self.client.post(&self.url).json(&body);
            if let Some(key) = &self.key {
                request = request.bearer_auth(key);
            }
            let response = request.send().await.context("reach the model server")?;
            ensure!(response.status().is_success(), "the model server answered {}", response.status());
            let (pieces, stream) = mpsc::channel(256);
            tokio::spawn(async move {
                let mut bytes = response.bytes_stream();
                let mut waiting = Vec::new();
                loop {
                    let chunk = tokio::select! {
                        chunk = bytes.next() => chunk,
                        () = pieces.closed() => break,
                    };
                    let Some(Ok(chunk)) = chunk else { break };
                    waiting.extend_from_slice(&chunk);
                    while let Some(end) = waiting.iter().position(|b| *b == b'\n') {
                        let line: Vec<u8> = waiting.drain(..=end).collect();
                        if let Some(text) = delta(&line)
                            && pieces.send(text).await.is_err()
                        {
                            return;
                        }
                    }
                    if waiting.len() > 1 << 20 {
                        break;
                    }
                }
            });
            Ok(stream)
        })
    }
}

/// The text of one `data: {…}` line, if it carries any.
fn delta(line: &[u8]) -> Option<String> {
    let data = line.strip_prefix(b"data:")?;
    let value: Value = serde_json::from_slice(data.trim_ascii()).ok()?;
    value["choices"][0]["delta"]["content"].as_str().filter(|t| !t.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_text_deltas() {
        assert_eq!(delta(b"data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\r\n"), Some("hi".to_owned()));
        for line in [&b"data: [DONE]\n"[..], b": ping\n", b"\n", b"data: {\"choices\":[]}\n"] {
            assert_eq!(delta(line), None);
        }
    }
}
