use std::collections::BTreeSet;

use application::PageRequest;
use domain::roles::{RoleId, RoleName};
use support::TestStore;
use support::factories::roles::role;
use uuid::Uuid;

use super::{SOMEBODY, Watch};

/// Two hundred have it.
const HELD: RoleId = RoleId(Uuid::from_u128(7));

fn names() -> BTreeSet<RoleName> {
    let names = ["member", "role7", "role8"].map(RoleName::parse);
    names.into_iter().flatten().collect()
}

pub(super) async fn look_at_roles(watch: &mut Watch) {
    look_at_reader(watch).await;
    look_at_writer(watch).await;
}

async fn look_at_reader(watch: &mut Watch) {
    watch
        .look_at("RoleReader::find", "", async |store: &TestStore| {
            let found = store.reads().roles().find(HELD).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("RoleReader::list", "", async |store| {
            let (mut after, limit) = (None, 20);
            for _ in 0..2 {
                let page = PageRequest { limit, after };
                let listed = store.reads().roles().list(&page).await;
                after = listed.expect("the database is there").next;
            }
        })
        .await;
    watch
        .look_at("RoleReader::find_named", "", async |store| {
            let found = store.reads().roles().find_named(&names()).await;
            assert_eq!(found.expect("the database is there").len(), 3);
        })
        .await;
    watch
        .look_at("RoleReader::is_held", "", async |store| {
            assert_eq!(store.reads().roles().is_held(HELD).await, Ok(true));
        })
        .await;
}

async fn look_at_writer(watch: &mut Watch) {
    watch
        .look_at_write("RoleWriter::lock", async |tx| {
            let locked = tx.roles_mut().lock(HELD).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("RoleWriter::lock_named", async |tx| {
            let locked = tx.roles_mut().lock_named(&names()).await;
            assert_eq!(locked.expect("nobody holds them").len(), 3);
        })
        .await;
    watch
        .look_at_write("RoleWriter::insert", async |tx| {
            let inserted = tx.roles_mut().insert(&role(&[])).await;
            inserted.expect("nothing has its name");
        })
        .await;
    watch
        .look_at_write("RoleWriter::update", async |tx| {
            let mut changed = role(&[]);
            changed.id = HELD;
            changed.version = changed.version.next();
            let updated = tx.roles_mut().update(&changed).await;
            updated.expect("it is newer");
        })
        .await;
    watch
        .look_at_write("RoleWriter::delete", async |tx| {
            // One that nobody has.
            let deleted = tx.roles_mut().delete(RoleId(Uuid::from_u128(8))).await;
            deleted.expect("nothing holds it");
        })
        .await;
    watch
        .look_at_write("RoleWriter::assign", async |tx| {
            let assigned = tx.roles_mut().assign(SOMEBODY, &names()).await;
            assigned.expect("the roles are there");
        })
        .await;
}
