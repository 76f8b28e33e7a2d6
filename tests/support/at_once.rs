use std::sync::Arc;

use tokio::sync::Barrier;

/// Starts all of them at the same moment, each as a task of its own, and gives their results in
/// order. They run side by side only on a runtime with several threads.
pub async fn at_once<F>(work: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let work: Vec<F> = work.into_iter().collect();
    let start = Arc::new(Barrier::new(work.len()));
    let tasks: Vec<_> = work
        .into_iter()
        .map(|it| {
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                it.await
            })
        })
        .collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(task.await.expect("none of them panics"));
    }
    results
}
