//! A refused upload in; the answer out when the rest of the upload was heard.
//!
//! A server that answers and hangs up while a client still sends is not understood: the client sees a broken connection and no
//! reason. So what is left of a refused body is read and forgotten, within bounds, before the answer goes out.

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const MOST: usize = 64 << 20;
const LONGEST: Duration = Duration::from_secs(10);

/// A body of which handler and middleware each read what the other has left.
#[derive(Clone)]
struct Shared(Arc<Mutex<BodyDataStream>>);

impl Shared {
    fn poll(&self, context: &mut std::task::Context<'_>) -> std::task::Poll<Option<Result<axum::body::Bytes, axum::Error>>> {
        self.0.lock().expect("no holder of this lock can panic").poll_next_unpin(context)
    }
}

pub async fn hear_out(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(body.into_data_stream())));
    let given = body.clone();
    let stream = futures::stream::poll_fn(move |context| given.poll(context));
    let response = next.run(Request::from_parts(parts, Body::from_stream(stream))).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        let rest = async {
            let mut heard = 0;
            while let Some(Ok(piece)) = poll_fn(|context| body.poll(context)).await {
                heard += piece.len();
                if heard > MOST {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(LONGEST, rest).await;
    }
    response
}
