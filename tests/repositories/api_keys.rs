use application::api_keys::ApiKeyStanding;
use application::revocations::FeedPosition;
use application::{PageRequest, StoreError};
use chrono::TimeDelta;
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyId, ApiKeyName};
use domain::revocations::Revocation;
use domain::roles::{Permission, Rights, RoleName};
use domain::sessions::TokenVersion;
use domain::users::{Status, User};
use support::factories::api_keys::{api_key, api_key_hash};
use support::factories::users::user;
use support::{TestDatabase, TestStore};

async fn stored(store: &TestStore, of: &User) -> ApiKey {
    let key = api_key(of, &[Permission::UsersRead, Permission::AuditRead]);
    let mut tx = store.begin().await;
    let inserted = tx.api_keys_mut().insert(&key, &api_key_hash()).await;
    inserted.expect("its owner is there");
    tx.commit().await.expect("nothing speaks against it");
    key
}

async fn owner(store: &TestStore) -> User {
    let owner = user(Status::Active);
    store.insert_user(&owner).await;
    owner
}

async fn found(store: &TestStore, id: ApiKeyId) -> Option<ApiKey> {
    let found = store.reads().api_keys().find(id).await;
    found.expect("it can be read")
}

/// What the feed says of keys.
async fn told(store: &TestStore) -> Vec<Revocation> {
    let feed = store.reads().revocations();
    let all = feed.list_after(FeedPosition::START, 100).await;
    let all = all.expect("it can be read").into_iter();
    let of_keys = |it: &Revocation| matches!(it, Revocation::ApiKey { .. });
    all.map(|it| it.revocation).filter(of_keys).collect()
}

#[tokio::test]
async fn a_key_is_found_as_it_was_stored() {
    let store = TestStore::new().await;
    let owner = owner(&store).await;

    let key = stored(&store, &owner).await;

    assert_eq!(found(&store, key.id).await, Some(key));
    let another = api_key(&owner, &[]);
    assert_eq!(found(&store, another.id).await, None);
}

#[tokio::test]
async fn a_key_stands_as_its_owner_does() {
    let store = TestStore::new().await;
    for status in [Status::Pending, Status::Active, Status::Deactivated] {
        let mut owner = user(status);
        owner.roles.insert(RoleName::administrator());
        owner.token_version = TokenVersion(7);
        store.insert_user(&owner).await;
        let (key, hash) = (api_key(&owner, &[Permission::UsersRead]), api_key_hash());
        let mut tx = store.begin().await;
        tx.api_keys_mut().insert(&key, &hash).await.unwrap();
        tx.commit().await.unwrap();

        let standing = store.reads().api_keys().standing(key.id).await;

        let mut standing = standing.unwrap().unwrap();
        standing.roles.sort();
        let expected = ApiKeyStanding {
            id: key.id,
            version: Version::FIRST,
            hash,
            scopes: key.scopes,
            expires_at: key.expires_at,
            user_id: owner.id,
            status,
            token_version: TokenVersion(7),
            roles: vec![RoleName::administrator(), RoleName::member()],
            rights: Rights::all(),
        };
        assert_eq!(standing, expected);
    }
    let nobody = api_key(&user(Status::Active), &[]);
    let standing = store.reads().api_keys().standing(nobody.id).await;
    assert_eq!(standing, Ok(None));
}

#[tokio::test]
async fn an_owner_without_roles_has_no_rights() {
    let store = TestStore::new().await;
    let mut owner = user(Status::Active);
    owner.roles.clear();
    store.insert_user(&owner).await;
    let key = stored(&store, &owner).await;

    let standing = store.reads().api_keys().standing(key.id).await;

    let standing = standing.unwrap().unwrap();
    assert_eq!((standing.roles, standing.rights), (vec![], Rights::NONE));
}

#[tokio::test]
async fn a_scope_that_only_another_version_knows_allows_nothing() {
    let store = TestStore::new().await;
    let key = stored(&store, &owner(&store).await).await;

    let newer = "UPDATE api_keys SET scopes = 'users:fly users:read'";
    store.database.execute(newer).await;

    let scopes = found(&store, key.id).await.unwrap().scopes;
    assert_eq!(scopes, Rights::from_iter([Permission::UsersRead]));
}

#[tokio::test]
async fn pages_hold_the_users_own_newest_first() {
    let store = TestStore::new().await;
    let (ada, bob) = (owner(&store).await, owner(&store).await);
    let mut made = Vec::new();
    for _ in 0..3 {
        made.insert(0, stored(&store, &ada).await);
        stored(&store, &bob).await;
    }
    let list = async |after| {
        let page = PageRequest { limit: 2, after };
        let listed = store.reads().api_keys().list(ada.id, &page).await;
        listed.expect("it can be read")
    };

    let first = list(None).await;
    let second = list(first.next.clone()).await;

    assert_eq!([first.items, second.items].concat(), made);
    assert!(first.next.is_some() && second.next.is_none());
    assert_eq!(store.reads().api_keys().count(ada.id).await, Ok(3));
}

#[tokio::test]
async fn a_change_is_told_to_everybody_and_leaves_hash_and_use_alone() {
    let store = TestStore::new().await;
    let mut key = stored(&store, &owner(&store).await).await;
    let before = store.reads().api_keys().standing(key.id).await;
    let hash = before.unwrap().unwrap().hash;
    let used = key.created_at;
    let mut tx = store.begin().await;
    tx.api_keys_mut().touch(&[key.id], used).await.unwrap();
    key.name = ApiKeyName::parse("Nightly").unwrap();
    key.scopes = Rights::NONE;
    key.version = Version(2);
    tx.api_keys_mut().update(&key).await.unwrap();
    tx.commit().await.unwrap();

    let expected = ApiKey {
        last_used_at: Some(used),
        ..key.clone()
    };
    assert_eq!(found(&store, key.id).await, Some(expected));
    let standing = store.reads().api_keys().standing(key.id).await;
    let standing = standing.unwrap().unwrap();
    assert_eq!((standing.hash, standing.version), (hash, Version(2)));
    let below = Version(2);
    let changed = Revocation::ApiKey { key: key.id, below };
    assert_eq!(told(&store).await, [changed]);
}

#[tokio::test]
async fn a_row_that_is_not_older_is_not_written_over() {
    let store = TestStore::new().await;
    let mut key = stored(&store, &owner(&store).await).await;
    key.scopes = Rights::NONE;

    let mut tx = store.begin().await;
    let stale = tx.api_keys_mut().update(&key).await;
    drop(tx);

    assert_eq!(stale, Err(StoreError::Stale));
    assert_ne!(found(&store, key.id).await, Some(key));
}

#[tokio::test]
async fn what_is_deleted_is_told_to_everybody() {
    let store = TestStore::new().await;
    let (ada, bob) = (owner(&store).await, owner(&store).await);
    let (one, two) = (stored(&store, &ada).await, stored(&store, &ada).await);
    let kept = stored(&store, &bob).await;

    let mut tx = store.begin().await;
    tx.api_keys_mut().delete(one.id).await.unwrap();
    tx.api_keys_mut().delete_all(ada.id).await.unwrap();
    tx.api_keys_mut().delete_all(ada.id).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, one.id).await, None);
    assert_eq!(found(&store, two.id).await, None);
    assert_eq!(found(&store, kept.id).await, Some(kept));
    let below = Version(2);
    let gone = [one.id, two.id].map(|key| Revocation::ApiKey { key, below });
    assert_eq!(told(&store).await, gone);
}

#[tokio::test]
async fn a_use_is_written_down_unless_a_later_one_was() {
    let store = TestStore::new().await;
    let owner = owner(&store).await;
    let (one, other) = (stored(&store, &owner).await, stored(&store, &owner).await);
    let gone = api_key(&owner, &[]);
    let (noon, minute) = (one.created_at, TimeDelta::minutes(1));

    for (at, expected) in [
        (noon, noon),
        (noon + minute, noon + minute),
        (noon, noon + minute),
    ] {
        let mut tx = store.begin().await;
        let keys = [one.id, gone.id];
        tx.api_keys_mut().touch(&keys, at).await.unwrap();
        tx.commit().await.unwrap();

        let key = found(&store, one.id).await.unwrap();
        assert_eq!(key.last_used_at, Some(expected));
        assert_eq!(key.version, Version::FIRST);
    }
    assert_eq!(found(&store, other.id).await, Some(other));
    assert_eq!(told(&store).await, []);
}

#[tokio::test]
async fn a_row_that_is_no_key_is_named() {
    let store = TestStore::new().await;
    let key = stored(&store, &owner(&store).await).await;
    let id = TestDatabase::literal(key.id.0);
    let corrupt = |reason: &str| {
        Err::<(), _>(StoreError::Corrupt {
            table: "api_keys",
            id: key.id.0,
            reason: reason.to_owned(),
        })
    };

    let unnamed = format!("UPDATE api_keys SET name = '' WHERE id = {id}");
    store.database.execute(&unnamed).await;
    let read = store.reads().api_keys().find(key.id).await.map(drop);
    let cut = format!("UPDATE api_keys SET hash = substr(hash, 1, 31) WHERE id = {id}");
    store.database.execute(&cut).await;
    let judged = store.reads().api_keys().standing(key.id).await.map(drop);

    let reason = "a key's name has 1 to 100 visible characters on one line";
    assert_eq!(read, corrupt(reason));
    assert_eq!(judged, corrupt("a hash of another length"));
}
