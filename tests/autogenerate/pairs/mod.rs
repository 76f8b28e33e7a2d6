//! Random pairs of schemas.

mod circles;
mod harness;
mod meaning;
mod model;
mod mutate;
mod random;
mod rendered;
mod rows;
mod sql;
mod types;
mod values;

use std::sync::Mutex;

use fastrand::Rng;
use harness::Pair;
use model::Schema;
use support::Engine;

/// How many pairs share a database: making one takes longer than what is done in it.
const TOGETHER: usize = 25;

fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(0..100) < percent
}

fn pick<T: Clone>(rng: &mut Rng, all: &[T]) -> T {
    all[rng.usize(0..all.len())].clone()
}

/// A schema, and what it becomes, or now and then one that has nothing to do with it but its names.
fn pair(seed: usize) -> (Schema, Schema) {
    let mut rng = Rng::with_seed(seed as u64);
    let (engine, prefix) = (Engine::of_this_run(), format!("p{seed}_"));
    let a = Schema::random(&mut rng, engine, &prefix);
    let b = if seed % 10 == 9 {
        Schema::stranger(&mut rng, engine, &prefix)
    } else {
        a.mutated(&mut rng)
    };
    (a, b)
}

/// How many pairs there are, and the first one, so that a longer run can look elsewhere.
fn seeds() -> std::ops::Range<usize> {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|it| it.parse().expect("it is a number"))
    };
    let first = number("ASHLAR_TEST_FIRST_PAIR").unwrap_or(0);
    first..first + number("ASHLAR_TEST_PAIRS").unwrap_or(500)
}

#[test]
fn what_is_planned_leads_there_and_back_and_keeps_the_rows() {
    let seeds: Vec<_> = seeds().collect();
    let batches = Mutex::new(seeds.chunks(TOGETHER));
    let complaints = Mutex::new(Vec::new());
    let work = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("it has all it needs");
        loop {
            let next = batches.lock().expect("nobody panics").next();
            let Some(together) = next else { break };
            let found = runtime.block_on(complaints_of(together));
            complaints.lock().expect("nobody panics").extend(found);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    let complaints = complaints.into_inner().expect("nobody panics");
    assert!(
        complaints.is_empty(),
        "{} of the pairs: {}",
        complaints.len(),
        complaints.join("\n\n")
    );
}

/// Each alone where something is the matter with all together.
async fn complaints_of(together: &[usize]) -> Vec<String> {
    let pairs: Vec<_> = together.iter().map(|it| Pair::of(*it)).collect();
    let Some(complaint) = harness::complaint(&pairs).await else {
        return Vec::new();
    };
    let mut complaints = Vec::new();
    for (seed, pair) in together.iter().zip(pairs.chunks(1)) {
        let complaint = harness::complaint(pair).await;
        complaints.extend(complaint.map(|it| format!("seed {seed}: {it}{}", pair[0])));
    }
    if complaints.is_empty() {
        complaints.push(format!("seeds {together:?} together: {complaint}"));
    }
    complaints
}
