//! Blocking work in, answers out: one thread, a bounded queue with two lanes, batching, and no work for those who left.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use tokio::sync::oneshot;

/// Who goes first when both wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A shopper waits.
    Shopper,
    /// Nobody waits.
    Background,
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
pub enum WorkError {
    #[error("the queue is full")]
    Busy,
    #[error("the model has stopped")]
    Dead,
    #[error("the model failed: {0}")]
    Failed(String),
}

struct Job<I, O> {
    input: I,
    reply: oneshot::Sender<Result<O, WorkError>>,
}

struct Queue<I, O> {
    lanes: Mutex<Lanes<I, O>>,
    filled: Condvar,
}

struct Lanes<I, O> {
    shopper: VecDeque<Job<I, O>>,
    background: VecDeque<Job<I, O>>,
    open: bool,
}

/// A handle to the worker thread; the thread ends when the last handle is dropped.
pub struct Worker<I, O> {
    queue: Arc<Queue<I, O>>,
    capacity: usize,
    _owner: Arc<Owner<I, O>>,
}

struct Owner<I, O>(Arc<Queue<I, O>>);

impl<I, O> Drop for Owner<I, O> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<I, O> Clone for Worker<I, O> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), capacity: self.capacity, _owner: self._owner.clone() }
    }
}

impl<I: Send + 'static, O: Send + 'static> Worker<I, O> {
    /// Starts a thread that calls `work` with up to `batch` inputs of the shopper lane, or one of the background lane; it answers
    /// one result an input, in order.
    pub fn start(
        name: &str,
        capacity: usize,
        batch: usize,
        mut work: impl FnMut(Vec<I>) -> anyhow::Result<Vec<O>> + Send + 'static,
    ) -> Self {
        let lanes = Lanes { shopper: VecDeque::new(), background: VecDeque::new(), open: true };
        let queue = Arc::new(Queue { lanes: Mutex::new(lanes), filled: Condvar::new() });
        let jobs = queue.clone();
        let run = move || {
            let _closes = Owner(jobs.clone());
            while let Some(taken) = jobs.take(batch) {
                let (inputs, replies): (Vec<I>, Vec<_>) =
                    taken.into_iter().filter(|j| !j.reply.is_closed()).map(|j| (j.input, j.reply)).unzip();
                if inputs.is_empty() {
                    continue;
                }
                match work(inputs) {
                    Ok(outputs) => replies.into_iter().zip(outputs).for_each(|(reply, output)| drop(reply.send(Ok(output)))),
                    Err(error) => {
                        let failed = WorkError::Failed(format!("{error:#}"));
                        replies.into_iter().for_each(|reply| drop(reply.send(Err(failed.clone()))));
                    }
                }
            }
        };
        std::thread::Builder::new().name(name.to_owned()).spawn(run).expect("the system can start a thread");
        Self { capacity, _owner: Arc::new(Owner(queue.clone())), queue }
    }

    /// # Errors
    /// `Busy` at once when the lane is full, `Dead` when the thread has ended, `Failed` when the model failed on this batch.
    pub async fn ask(&self, lane: Lane, input: I) -> Result<O, WorkError> {
        let (reply, answer) = oneshot::channel();
        self.queue.put(lane, Job { input, reply }, self.capacity)?;
        answer.await.map_err(|_| WorkError::Dead)?
    }
}

impl<I, O> Worker<I, O> {
    /// Shoppers who wait.
    pub fn waiting(&self) -> usize {
        self.queue.lanes.lock().map_or(0, |lanes| lanes.shopper.len())
    }
}

impl<I, O> Queue<I, O> {
    fn put(&self, lane: Lane, job: Job<I, O>, capacity: usize) -> Result<(), WorkError> {
        let mut lanes = self.lanes.lock().map_err(|_| WorkError::Dead)?;
        if !lanes.open {
            return Err(WorkError::Dead);
        }
        let queue = match lane {
            Lane::Shopper => &mut lanes.shopper,
            Lane::Background => &mut lanes.background,
        };
        if queue.len() >= capacity {
            return Err(WorkError::Busy);
        }
        queue.push_back(job);
        self.filled.notify_one();
        Ok(())
    }

    fn take(&self, batch: usize) -> Option<Vec<Job<I, O>>> {
        let mut lanes = self.lanes.lock().ok()?;
        loop {
            if !lanes.shopper.is_empty() {
                let n = batch.min(lanes.shopper.len());
                return Some(lanes.shopper.drain(..n).collect());
            }
            if let Some(job) = lanes.background.pop_front() {
                return Some(vec![job]);
            }
            if !lanes.open {
                return None;
            }
            lanes = self.filled.wait(lanes).ok()?;
        }
    }

    fn close(&self) {
        if let Ok(mut lanes) = self.lanes.lock() {
            lanes.open = false;
            lanes.shopper.clear();
            lanes.background.clear();
        }
        self.filled.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn shoppers_go_first_and_a_full_lane_says_so() {
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let (began, started) = std::sync::mpsc::channel::<()>();
        let order = Arc::new(Mutex::new(Vec::<u32>::new()));
        let seen = order.clone();
        let worker = Worker::start("test", 1, 4, move |inputs: Vec<u32>| {
            began.send(()).ok();
            gate.recv().ok();
            seen.lock().expect("lock").extend(&inputs);
            Ok(inputs)
        });
        let ask = |lane, n| {
            let worker = worker.clone();
            tokio::spawn(async move { worker.ask(lane, n).await })
        };
        let first = ask(Lane::Background, 1);
        tokio::task::spawn_blocking(move || started.recv()).await.expect("join").expect("started");
        let waiting = ask(Lane::Background, 2);
        while worker.queue.lanes.lock().expect("lock").background.is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(worker.ask(Lane::Background, 9).await, Err(WorkError::Busy));
        let shopper = ask(Lane::Shopper, 3);
        while worker.queue.lanes.lock().expect("lock").shopper.is_empty() {
            tokio::task::yield_now().await;
        }
        (0..3).for_each(|_| go.send(()).expect("go"));
        for task in [first, waiting, shopper] {
            task.await.expect("join").expect("answer");
        }
        assert_eq!(*order.lock().expect("lock"), [1, 3, 2]);
    }

    #[tokio::test]
    async fn a_dead_worker_says_so() {
        let worker = Worker::start("test", 4, 1, |_: Vec<u32>| -> anyhow::Result<Vec<u32>> { panic!("dies") });
        assert_eq!(worker.ask(Lane::Shopper, 1).await, Err(WorkError::Dead));
    }
}
