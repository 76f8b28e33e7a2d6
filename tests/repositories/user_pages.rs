//! In which order users are listed, and what a walk over the pages sees.

use std::collections::BTreeMap;

use application::users::{UserFilter, UserQuery, UserSort};
use application::{Direction, Page, PageRequest, Position};
use chrono::{DateTime, TimeDelta, Utc};
use domain::users::{DisplayName, EmailAddress, Status, User, UserId};
use support::TestStore;
use support::factories::users::user;

const NAMES: &[&str] = &[
    "Zoë", "zoë", "ZOË", "Ada", "ada b", "A_da", "a-da", "Émile", "emil", "Łódź", "😀", "李", "~",
    "'",
];

/// People of whom many are called the same, or came at the same moment: times with none, three
/// and six digits after the point, and names that a language would sort in another way.
fn people(many: usize) -> Vec<User> {
    let begin: DateTime<Utc> = "2026-06-30T23:59:59Z".parse().expect("it is a time");
    let moments = [0, 1, 1_000, 500_000, 500_100, 999_999, 1_000_000];
    let signs = ["", "_", "-", "'", "+", "0", "z"];
    (0..many)
        .map(|at| {
            let email = format!("a{}{at}@example.org", signs[at % signs.len()]);
            User {
                email: EmailAddress::parse(&email).expect("it is an address"),
                display_name: DisplayName::parse(NAMES[at % NAMES.len()]).expect("it is a name"),
                created_at: begin + TimeDelta::microseconds(moments[at * 3 % moments.len()]),
                ..user(Status::Active)
            }
        })
        .collect()
}

fn every_order() -> impl Iterator<Item = UserQuery> {
    let sorts = [UserSort::CreatedAt, UserSort::Email, UserSort::DisplayName];
    sorts.into_iter().flat_map(|sort| {
        [Direction::Ascending, Direction::Descending].map(|direction| UserQuery {
            filter: UserFilter::default(),
            sort,
            direction,
        })
    })
}

/// What the database should do, done by hand.
fn in_order(users: &[User], query: &UserQuery) -> Vec<User> {
    let key = |it: &User| match query.sort {
        UserSort::CreatedAt => (Some(it.created_at), String::new(), it.id),
        UserSort::Email => (None, it.email.as_str().to_owned(), it.id),
        UserSort::DisplayName => (None, it.display_name.folded(), it.id),
    };
    let mut users = users.to_vec();
    users.sort_by_key(key);
    if query.direction == Direction::Descending {
        users.reverse();
    }
    users
}

async fn page(
    store: &TestStore,
    query: &UserQuery,
    limit: u64,
    after: Option<Position>,
) -> Page<User> {
    let request = PageRequest { limit, after };
    let page = store.reads().users().list(query, &request).await;
    page.expect("the database is there")
}

async fn walk(store: &TestStore, query: &UserQuery, limit: u64) -> Vec<User> {
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = page(store, query, limit, after).await;
        assert!(page.items.len() as u64 <= limit);
        seen.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return seen,
        }
    }
}

#[tokio::test]
async fn every_order_is_that_of_its_key_and_then_of_the_id() {
    let store = TestStore::new().await;
    let people = people(45);
    for user in &people {
        store.insert_user(user).await;
    }

    for query in every_order() {
        for limit in [1, 7, 45, 100] {
            let seen = walk(&store, &query, limit).await;
            assert_eq!(seen, in_order(&people, &query), "{query:?} by {limit}");
        }
    }
}

#[tokio::test]
async fn a_filter_holds_on_every_page() {
    let store = TestStore::new().await;
    let mut people = people(30);
    for user in people.iter_mut().step_by(3) {
        user.status = Status::Deactivated;
    }
    for user in &people {
        store.insert_user(user).await;
    }
    people.retain(|it| it.status == Status::Active);

    for mut query in every_order() {
        query.filter.status = Some(Status::Active);
        query.filter.prefix = Some("A".to_owned());

        let seen = walk(&store, &query, 4).await;

        assert_eq!(seen, in_order(&people, &query), "{query:?}");
    }
}

#[tokio::test]
async fn a_full_page_is_the_last_when_nobody_comes_behind_it() {
    let store = TestStore::new().await;
    for user in people(6) {
        store.insert_user(&user).await;
    }

    for query in every_order() {
        let first = page(&store, &query, 3, None).await;
        assert!(first.next.is_some(), "{query:?}");
        let second = page(&store, &query, 3, first.next).await;
        assert_eq!((second.items.len(), second.next), (3, None), "{query:?}");
        assert_eq!(page(&store, &query, 6, None).await.next, None, "{query:?}");
    }
}

#[tokio::test]
async fn a_position_behind_everybody_is_an_empty_page() {
    let store = TestStore::new().await;
    let people = people(5);
    for user in &people {
        store.insert_user(user).await;
    }

    for query in every_order() {
        let next = page(&store, &query, 4, None).await.next;
        let last = in_order(&people, &query)[4].id;
        let mut tx = store.begin().await;
        tx.users_mut().delete(last).await.unwrap();

        // Where the transaction is, the last has gone between the two pages.
        let request = PageRequest {
            limit: 4,
            after: next,
        };
        let rest = tx.users().list(&query, &request).await.unwrap();

        assert_eq!((rest.items, rest.next), (vec![], None), "{query:?}");
    }
}

/// How often each was seen.
type Seen = BTreeMap<UserId, u32>;

/// Walks while, between any two pages, somebody comes before and somebody behind the place where
/// the walk is, and somebody goes: also the one whose place it is.
async fn walk_among_comers_and_goers(
    store: &TestStore,
    query: &UserQuery,
    goers: &mut Vec<User>,
    comers: &mut Vec<User>,
) -> Seen {
    let mut seen = Seen::new();
    let mut after: Option<Position> = None;
    loop {
        let page = page(store, query, 5, after).await;
        for user in &page.items {
            *seen.entry(user.id).or_default() += 1;
        }
        let Some(next) = page.next else { return seen };
        let mut tx = store.begin().await;
        let here = goers.iter().position(|it| it.id.0 == next.id);
        for goer in [here, goers.len().checked_sub(1)].into_iter().flatten() {
            if goer < goers.len() {
                let goer = goers.swap_remove(goer);
                tx.users_mut().delete(goer.id).await.expect("it is there");
            }
        }
        for comer in comers.drain(..comers.len().min(2)) {
            tx.users_mut().insert(&comer).await.expect("it is new");
        }
        tx.commit().await.expect("nothing speaks against it");
        after = Some(next);
    }
}

#[tokio::test]
async fn a_walk_misses_nobody_who_was_there_throughout_and_sees_nobody_twice() {
    for query in every_order() {
        let store = TestStore::new().await;
        let mut others = people(90);
        let mut comers = others.split_off(60);
        // Every other one goes, so that those at the ends of pages do as well.
        let (mut goers, mut stayers) = (Vec::new(), Vec::new());
        for (at, user) in others.into_iter().enumerate() {
            store.insert_user(&user).await;
            let side = if at % 2 == 0 {
                &mut goers
            } else {
                &mut stayers
            };
            side.push(user);
        }

        let seen = walk_among_comers_and_goers(&store, &query, &mut goers, &mut comers).await;

        for stayer in &stayers {
            assert!(seen.contains_key(&stayer.id), "{query:?}: {stayer:?}");
        }
        assert!(seen.values().all(|times| *times == 1), "{query:?}");
        assert!(goers.len() < 30 && comers.len() < 30, "nothing happened");
    }
}
