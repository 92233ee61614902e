//! A few threads that work through rounds of independent items. What they give does not depend on how many they are.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

type Answer<R> = (usize, Result<R, Box<dyn Any + Send>>);

/// Threads that live as long as the call of [`with_workers`], so that what they keep serves every round.
pub(crate) struct Pool<T, R> {
    items: Sender<(usize, T)>,
    answers: Receiver<Answer<R>>,
}

/// Starts `threads` workers (at least one), hands them to `body`, and ends them when it returns. Each worker makes its own
/// `work` with `start`, on its own thread, because XGBoost's matrices cannot change threads.
pub(crate) fn with_workers<T, R, W, B>(
    threads: usize,
    start: impl Fn() -> W + Sync,
    body: impl FnOnce(&Pool<T, R>) -> B,
) -> B
where
    T: Send,
    R: Send,
    W: FnMut(T) -> R,
{
    let (items, queue) = channel::<(usize, T)>();
    let (send, answers) = channel();
    let queue = Mutex::new(queue);
    let (queue, start) = (&queue, &start);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let send = send.clone();
            scope.spawn(move || serve(queue, &send, start()));
        }
        drop(send);
        // Moved in, so that the queue closes and the workers end when `body` is done.
        let pool = Pool { items, answers };
        body(&pool)
    })
}

fn serve<T, R>(
    queue: &Mutex<Receiver<(usize, T)>>,
    send: &Sender<Answer<R>>,
    mut work: impl FnMut(T) -> R,
) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((place, item)) = next else { return };
        let answer = catch_unwind(AssertUnwindSafe(|| work(item)));
        if send.send((place, answer)).is_err() {
            return;
        }
    }
}

impl<T, R> Pool<T, R> {
    /// Works through one round and gives its answers in the order of `items`. Items are taken up in that order; `seen` is
    /// called on this thread with the place of each item that is done.
    pub(crate) fn run(&self, items: Vec<T>, mut seen: impl FnMut(usize)) -> Vec<R> {
        let count = items.len();
        for numbered in items.into_iter().enumerate() {
            assert!(
                self.items.send(numbered).is_ok(),
                "the workers outlive the pool"
            );
        }
        let mut answers: Vec<Option<R>> = (0..count).map(|_| None).collect();
        for (place, answer) in self.answers.iter().take(count) {
            match answer {
                Ok(answer) => {
                    seen(place);
                    answers[place] = Some(answer);
                }
                Err(panic) => resume_unwind(panic),
            }
        }
        answers.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_items_whatever_the_threads() {
        for threads in [0, 1, 2, 5] {
            let rounds = with_workers(
                threads,
                || |item: u32| item * item,
                |pool| {
                    [
                        pool.run((0..100).collect(), |_| ()),
                        pool.run(vec![], |_| ()),
                        pool.run(vec![7], |_| ()),
                    ]
                },
            );
            assert_eq!(
                rounds,
                [(0..100).map(|item| item * item).collect(), vec![], vec![49]]
            );
        }
    }

    #[test]
    fn a_panic_of_a_worker_reaches_the_caller() {
        let caught = catch_unwind(|| {
            with_workers(
                2,
                || |item: u32| assert_ne!(item, 3, "three"),
                |pool| pool.run(vec![1, 2, 3, 4], |_| ()),
            )
        });
        assert!(caught.is_err());
    }
}
