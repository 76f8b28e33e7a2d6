use domain::roles::RoleName;
use domain::users::Status;
use mockall::predicate::eq;

use crate::fakes::{ADA, Mocks, nth_id, permit, unavailable, user};
use crate::users::{UserFilter, UserQuery, UserSort};
use crate::{Direction, Error, Page, PageRequest, Position};

fn query() -> UserQuery {
    UserQuery {
        filter: filter(),
        sort: UserSort::Email,
        direction: Direction::Descending,
    }
}

fn filter() -> UserFilter {
    UserFilter {
        status: Some(Status::Pending),
        role: Some(RoleName::member()),
        ..UserFilter::default()
    }
}

fn second_page() -> PageRequest {
    PageRequest {
        limit: 2,
        after: Some(position("bob@example.org")),
    }
}

fn position(key: &str) -> Position {
    Position {
        key: key.to_owned(),
        id: nth_id(9),
    }
}

#[tokio::test]
async fn a_user_is_got_without_a_transaction() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_find()
        .with(eq(ADA))
        .return_once(|_| Ok(Some(user(Status::Deactivated))));
    let (users, ledger) = mocks.users_service();

    let got = users.get(&permit(), ADA).await.unwrap();

    assert_eq!(got, user(Status::Deactivated));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn an_unknown_user_is_not_got() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().return_once(|_| Ok(None));
    let (users, ledger) = mocks.users_service();

    let refused = users.get(&permit(), ADA).await.unwrap_err();

    assert_eq!(refused, Error::NotFound);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_store_that_is_away_is_not_an_unknown_user() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_find()
        .return_once(|_| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users.get(&permit(), ADA).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_list_is_what_the_store_finds_for_the_query_and_the_page() {
    let page = Page {
        items: vec![user(Status::Pending)],
        next: Some(position("ada@example.org")),
    };
    let mut mocks = Mocks::default();
    let found = page.clone();
    mocks
        .users
        .expect_list()
        .with(eq(query()), eq(second_page()))
        .return_once(|_, _| Ok(found));
    let (users, ledger) = mocks.users_service();

    let listed = users
        .list(&permit(), &query(), &second_page())
        .await
        .unwrap();

    assert_eq!(listed, page);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_page_behind_the_last_row_is_empty_and_no_fault() {
    let nothing = Page {
        items: vec![],
        next: None,
    };
    let mut mocks = Mocks::default();
    let found = nothing.clone();
    mocks.users.expect_list().return_once(|_, _| Ok(found));
    let (users, ledger) = mocks.users_service();

    let listed = users
        .list(&permit(), &query(), &second_page())
        .await
        .unwrap();

    assert_eq!(listed, nothing);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_store_that_is_away_lists_nobody() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_list()
        .return_once(|_, _| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users
        .list(&permit(), &query(), &second_page())
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_count_is_of_those_whom_the_filter_lets_through() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_count()
        .with(eq(filter()))
        .return_once(|_| Ok(7));
    let (users, ledger) = mocks.users_service();

    let counted = users.count(&permit(), &filter()).await.unwrap();

    assert_eq!(counted, 7);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn nobody_to_count_is_no_fault() {
    let mut mocks = Mocks::default();
    mocks.users.expect_count().return_once(|_| Ok(0));
    let (users, ledger) = mocks.users_service();

    let counted = users.count(&permit(), &filter()).await.unwrap();

    assert_eq!(counted, 0);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_store_that_is_away_counts_nobody() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_count()
        .return_once(|_| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users.count(&permit(), &filter()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}
