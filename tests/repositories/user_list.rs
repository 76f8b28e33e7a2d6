//! Which users are listed.

use application::users::{UserFilter, UserQuery, UserSort};
use application::{Direction, PageRequest, Position, StoreError};
use domain::roles::RoleName;
use domain::users::{DisplayName, EmailAddress, Status, User};
use support::TestStore;
use support::factories::users::user;

fn person(email: &str, name: &str) -> User {
    User {
        email: EmailAddress::parse(email).expect("it is an address"),
        display_name: DisplayName::parse(name).expect("it is a name"),
        ..user(Status::Active)
    }
}

/// The names of those who are listed, in the order of their addresses. That as many are counted
/// is checked on the way.
async fn listed(store: &TestStore, filter: UserFilter) -> Vec<String> {
    let counted = store.reads().users().count(&filter).await;
    let query = UserQuery {
        filter,
        sort: UserSort::Email,
        direction: Direction::Ascending,
    };
    let all = PageRequest {
        limit: 100,
        after: None,
    };
    let page = store.reads().users().list(&query, &all).await;
    let page = page.expect("the database is there");
    assert_eq!(counted, Ok(page.items.len() as u64));
    page.items
        .iter()
        .map(|it| it.display_name.as_str().to_owned())
        .collect()
}

fn prefix(text: &str) -> UserFilter {
    UserFilter {
        prefix: Some(text.to_owned()),
        ..UserFilter::default()
    }
}

#[tokio::test]
async fn nobody_is_listed_where_nobody_is() {
    let store = TestStore::new().await;

    let names = listed(&store, UserFilter::default()).await;

    assert_eq!(names, Vec::<String>::new());
}

#[tokio::test]
async fn an_address_names_one_user_and_not_those_whose_address_is_longer() {
    let store = TestStore::new().await;
    for user in [
        person("ada@example.org", "Ada"),
        person("ada@example.org.uk", "British Ada"),
        person("ada_@example.org", "Ada with a Line"),
    ] {
        store.insert_user(&user).await;
    }
    let of = |text: &str| UserFilter {
        email: Some(EmailAddress::parse(text).unwrap()),
        ..UserFilter::default()
    };

    assert_eq!(listed(&store, of("ADA@example.org")).await, ["Ada"]);
    assert!(listed(&store, of("bob@example.org")).await.is_empty());
}

#[tokio::test]
async fn each_status_lists_its_own() {
    let store = TestStore::new().await;
    let all = [
        (Status::Pending, "Pending"),
        (Status::Active, "Active"),
        (Status::Deactivated, "Deactivated"),
    ];
    for (status, name) in all {
        let mut user = person(&format!("{name}@example.org"), name);
        user.status = status;
        store.insert_user(&user).await;
    }

    for (status, name) in all {
        let filter = UserFilter {
            status: Some(status),
            ..UserFilter::default()
        };
        assert_eq!(listed(&store, filter).await, [name]);
    }
}

#[tokio::test]
async fn a_role_lists_its_holders_once_each() {
    let store = TestStore::new().await;
    let mut ada = person("ada@example.org", "Ada");
    ada.roles.insert(RoleName::administrator());
    let bob = person("bob@example.org", "Bob");
    let mut eve = person("eve@example.org", "Eve");
    eve.roles.clear();
    for user in [&ada, &bob, &eve] {
        store.insert_user(user).await;
    }
    let of = |role: RoleName| UserFilter {
        role: Some(role),
        ..UserFilter::default()
    };

    assert_eq!(listed(&store, of(RoleName::administrator())).await, ["Ada"]);
    assert_eq!(listed(&store, of(RoleName::member())).await, ["Ada", "Bob"]);
    let unknown = RoleName::parse("zookeeper").unwrap();
    assert!(listed(&store, of(unknown)).await.is_empty());
}

#[tokio::test]
async fn a_user_who_is_listed_by_one_role_shows_all_of_them() {
    let store = TestStore::new().await;
    let mut ada = person("ada@example.org", "Ada");
    ada.roles.insert(RoleName::administrator());
    store.insert_user(&ada).await;
    let query = UserQuery {
        filter: UserFilter {
            role: Some(RoleName::member()),
            ..UserFilter::default()
        },
        sort: UserSort::DisplayName,
        direction: Direction::Descending,
    };
    let first = PageRequest {
        limit: 1,
        after: None,
    };

    let page = store.reads().users().list(&query, &first).await;

    assert_eq!(page.unwrap().items, [ada]);
}

#[tokio::test]
async fn the_beginning_of_an_address_or_of_a_name_is_enough_in_any_letter_case() {
    let store = TestStore::new().await;
    for user in [
        person("adele@example.org", "Mrs Smith"),
        person("x1@example.org", "ADA King"),
        person("x2@example.org", "Not Ada"),
        person("x3@example.org", "Àda"),
        person("x4@example.org", "Łódź"),
    ] {
        store.insert_user(&user).await;
    }

    assert_eq!(
        listed(&store, prefix("aD")).await,
        ["Mrs Smith", "ADA King"]
    );
    assert_eq!(listed(&store, prefix("ada k")).await, ["ADA King"]);
    assert_eq!(listed(&store, prefix("ADELE@E")).await, ["Mrs Smith"]);
    assert_eq!(listed(&store, prefix("łÓD")).await, ["Łódź"]);
    assert_eq!(listed(&store, prefix("")).await.len(), 5);
    assert!(listed(&store, prefix("smith")).await.is_empty());
}

#[tokio::test]
async fn what_means_something_to_sql_means_itself_in_a_search() {
    let store = TestStore::new().await;
    let names = ["%a", "_a", "\\a", "'a", "\"a", "*a", "?a", "$1a", "aa"];
    for (at, name) in names.iter().enumerate() {
        let user = person(&format!("x{at}@example.org"), name);
        store.insert_user(&user).await;
    }

    for name in names {
        assert_eq!(listed(&store, prefix(name)).await, [name]);
    }
    assert!(listed(&store, prefix("%")).await == ["%a"]);
    assert!(
        listed(&store, prefix("'; DROP TABLE users; --"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn the_last_letters_there_are_begin_a_name_like_any_other() {
    let store = TestStore::new().await;
    let names = ["z\u{10FFFD}", "z\u{FFFD}z", "z😀"];
    for (at, name) in names.iter().enumerate() {
        let user = person(&format!("x{at}@example.org"), name);
        store.insert_user(&user).await;
    }

    assert_eq!(listed(&store, prefix("z")).await, names);
    assert_eq!(listed(&store, prefix("z\u{10FFFD}")).await, names[..1]);
}

#[tokio::test]
async fn a_search_for_a_character_that_no_text_can_hold_finds_nobody() {
    let store = TestStore::new().await;
    store.insert_user(&person("ada@example.org", "Ada")).await;

    let names = listed(&store, prefix("ada\0")).await;

    assert!(names.is_empty());
}

#[tokio::test]
async fn filters_hold_together() {
    let store = TestStore::new().await;
    let mut right = person("ada@example.org", "Ada");
    right.roles.insert(RoleName::administrator());
    let mut shut = person("adam@example.org", "Adam");
    shut.status = Status::Deactivated;
    shut.roles.insert(RoleName::administrator());
    let powerless = person("adele@example.org", "Adele");
    let mut stranger = person("bob@example.org", "Bob");
    stranger.roles.insert(RoleName::administrator());
    for user in [&right, &shut, &powerless, &stranger] {
        store.insert_user(user).await;
    }

    let filter = UserFilter {
        email: None,
        status: Some(Status::Active),
        role: Some(RoleName::administrator()),
        prefix: Some("ada".to_owned()),
    };

    assert_eq!(listed(&store, filter.clone()).await, ["Ada"]);
    let other_address = UserFilter {
        email: Some(stranger.email),
        ..filter
    };
    assert!(listed(&store, other_address).await.is_empty());
}

#[tokio::test]
async fn a_position_that_holds_no_time_is_a_failure_and_no_page() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let query = UserQuery {
        filter: UserFilter::default(),
        sort: UserSort::CreatedAt,
        direction: Direction::Ascending,
    };
    let from_nowhere = PageRequest {
        limit: 10,
        after: Some(Position {
            key: "ada@example.org".to_owned(),
            id: user.id.0,
        }),
    };

    let page = store.reads().users().list(&query, &from_nowhere).await;

    assert!(matches!(page, Err(StoreError::Failed(_))), "{page:?}");
}

/// So many that they are sought another way than a few are.
#[tokio::test]
async fn a_role_of_very_many_is_listed_like_one_of_few() {
    let store = TestStore::new().await;
    let mut tx = store.begin().await;
    for n in 0..1_100 {
        let mut user = person(&format!("u{n:04}@example.org"), &format!("User {n:04}"));
        if n % 100 == 0 {
            user.roles.insert(RoleName::administrator());
        }
        tx.users_mut().insert(&user).await.unwrap();
    }
    tx.commit().await.unwrap();
    let of = |role: RoleName| UserFilter {
        role: Some(role),
        prefix: Some("U1".to_owned()),
        ..UserFilter::default()
    };

    let members = listed(&store, of(RoleName::member())).await;
    let administrators = listed(&store, of(RoleName::administrator())).await;

    assert_eq!(members.len(), 100);
    assert_eq!(members[0], "User 1000");
    assert_eq!(administrators, ["User 1000"]);
}
