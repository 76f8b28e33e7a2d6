//! Random pairs of schemas.

mod harness;
mod model;
mod mutate;
mod random;
mod rows;
mod sql;
mod types;
mod values;

use fastrand::Rng;
use harness::Pair;
use model::Schema;
use sea_orm::DatabaseConnection;
use support::{Engine, TestDatabase};

/// How many pairs share a database: making one takes longer than what is done in it.
const TOGETHER: usize = 25;

fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(0..100) < percent
}

fn pick<T: Clone>(rng: &mut Rng, all: &[T]) -> T {
    all[rng.usize(0..all.len())].clone()
}

fn schema(seed: usize) -> Schema {
    let mut rng = Rng::with_seed(seed as u64);
    Schema::random(&mut rng, Engine::of_this_run(), &format!("p{seed}_"))
}

async fn connect(database: &TestDatabase) -> DatabaseConnection {
    let mut url = secrecy::ExposeSecret::expose_secret(database.url()).to_owned();
    if Engine::of_this_run() == Engine::Sqlite {
        url.push_str("?mode=rwc");
    }
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

/// What it becomes, or now and then one that has nothing to do with it but its names.
fn pair(seed: usize) -> (Schema, Schema) {
    let a = schema(seed);
    let mut rng = Rng::with_seed((seed as u64) << 32);
    let b = a.mutated(&mut rng);
    (a, b)
}

/// How many pairs there are, and the first one, so that a longer run can look elsewhere.
fn seeds() -> std::ops::Range<usize> {
    let number = |name: &str| std::env::var(name).ok().map(|it| it.parse().unwrap());
    let first = number("ASHLAR_TEST_FIRST_PAIR").unwrap_or(0);
    first..first + number("ASHLAR_TEST_PAIRS").unwrap_or(500)
}

#[tokio::test]
async fn what_is_planned_leads_there_and_back_and_keeps_the_rows() {
    let mut seeds = seeds();
    let mut complaints = Vec::new();
    while !seeds.is_empty() {
        let together: Vec<_> = seeds.by_ref().take(TOGETHER).collect();
        let pairs: Vec<_> = together.iter().map(|it| Pair::of(*it)).collect();
        if harness::complaint(&pairs).await.is_none() {
            continue;
        }
        let before = complaints.len();
        for (seed, pair) in together.iter().zip(pairs.chunks(1)) {
            let complaint = harness::complaint(pair).await;
            complaints.extend(complaint.map(|it| format!("seed {seed}: {it}{}", pair[0])));
        }
        if complaints.len() == before {
            complaints.push(format!(
                "seeds {together:?} together: {:?}",
                harness::complaint(&pairs).await
            ));
        }
    }
    assert!(
        complaints.is_empty(),
        "{} of the pairs: {}",
        complaints.len(),
        complaints.join("\n\n")
    );
}

/// Whether each pair has a difference in its own tables or enums.
#[tokio::test]
async fn a_schema_is_other_than_what_it_becomes() {
    let mut seeds = 0..500;
    while !seeds.is_empty() {
        let pairs: Vec<_> = seeds
            .by_ref()
            .take(TOGETHER)
            .map(|it| (it, pair(it)))
            .collect();
        let a: Vec<_> = pairs.iter().flat_map(|(_, (a, _))| a.create()).collect();
        let b: Vec<_> = pairs.iter().flat_map(|(_, (_, b))| b.create()).collect();
        let found = super::differences(&[&b.join(";\n")], &[&a.join(";\n")]).await;
        for (seed, (a, b)) in &pairs {
            let is_of_it = |it: &&sea_orm_autogenerate::Difference| {
                let name = it.object.table.as_ref().unwrap_or(&it.object.name);
                name.starts_with(&format!("p{seed}_"))
            };
            let found = found.iter().find(is_of_it);
            let (a, b) = (a.create().join(";\n"), b.create().join(";\n"));
            assert!(
                found.is_some(),
                "seed {seed}: no difference between\n{a}\n\nand\n{b}"
            );
        }
    }
}

#[tokio::test]
async fn a_schema_is_no_other_than_itself() {
    let mut seeds = 0..500;
    while !seeds.is_empty() {
        let seeds = seeds.by_ref().take(TOGETHER);
        let statements: Vec<_> = seeds.flat_map(|it| schema(it).create()).collect();
        let all = statements.join(";\n");
        super::no_difference(&[&all], &[&all]).await;
    }
}
