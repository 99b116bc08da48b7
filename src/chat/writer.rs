//! Writes of many conversations in, one transaction and one flush to disk out (group commit).

use crate::store::chat::Write;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// A handle to the writing task; cheap to clone.
#[derive(Clone)]
pub struct Writer {
    orders: mpsc::Sender<Order>,
}

struct Order {
    writes: Vec<Write>,
    done: oneshot::Sender<Result<(), Arc<StoreError>>>,
}

const MOST_WAITING: usize = 4096;
const MOST_TOGETHER: usize = 256;

impl Writer {
    /// Starts the task; it ends when every handle is gone.
    pub fn start(store: Store) -> Self {
        let (orders, mut received) = mpsc::channel::<Order>(MOST_WAITING);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while received.recv_many(&mut batch, MOST_TOGETHER).await > 0 {
                let orders = std::mem::take(&mut batch);
                write(&store, orders).await;
            }
        });
        Self { orders }
    }

    /// Returns when the writes are on disk.
    ///
    /// # Errors
    /// What the store said; nothing of this order was then written.
    pub async fn write(&self, writes: Vec<Write>) -> Result<(), Arc<StoreError>> {
        let (done, answer) = oneshot::channel();
        let gone = || Arc::new(StoreError::Unreachable);
        self.orders.send(Order { writes, done }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// All orders in one transaction; when that fails, each by itself, so that one bad order harms nobody else.
async fn write(store: &Store, orders: Vec<Order>) {
    let all: Vec<Write> = orders.iter().flat_map(|o| o.writes.iter().cloned()).collect();
    match store.write_all(&all).await {
        Ok(()) => orders.into_iter().for_each(|o| drop(o.done.send(Ok(())))),
        Err(error) if orders.len() == 1 => {
            tracing::error!("a conversation could not be stored: {error}");
            orders.into_iter().for_each(|o| drop(o.done.send(Err(Arc::new(StoreError::of_message(&error))))));
        }
        Err(_) => {
            for order in orders {
                let result = store.write_all(&order.writes).await.map_err(|error| {
                    tracing::error!("a conversation could not be stored: {error}");
                    Arc::new(error)
                });
                order.done.send(result).ok();
            }
        }
    }
}
