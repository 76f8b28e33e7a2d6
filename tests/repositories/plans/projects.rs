use application::projects::{ProjectFilter, ProjectQuery, ProjectScope};
use application::{Direction, PageRequest};
use domain::projects::{ProjectId, ProjectStatus};
use domain::users::{Status, UserId};
use support::TestStore;
use support::factories::projects::project;
use support::factories::users::user;
use uuid::Uuid;

use super::{SOMEBODY, Watch};

/// Has three hundred.
const BUSY: UserId = UserId(Uuid::from_u128(4_096));

/// Every user of these tests has a project of the same id.
const THEIRS: ProjectId = ProjectId(SOMEBODY.0);

pub(super) async fn look_at_projects(watch: &mut Watch) {
    look_at_lists(watch).await;
    look_at_single(watch).await;
}

async fn look_at_lists(watch: &mut Watch) {
    let statuses = [None, Some(ProjectStatus::Active)];
    for scope in [ProjectScope::OwnedBy(BUSY), ProjectScope::Everybodys] {
        for owner in [None, Some(BUSY), Some(SOMEBODY)] {
            for status in statuses {
                let query = ProjectQuery {
                    filter: ProjectFilter { owner, status },
                    direction: Direction::Descending,
                };
                let call = async |store: &TestStore| {
                    let mut after = None;
                    for limit in [20, 100] {
                        let page = PageRequest { limit, after };
                        let projects = store.reads().projects();
                        let page = projects.list(scope, &query, &page).await;
                        after = page.expect("the database is there").next;
                    }
                };
                let how = format!("{scope:?} {query:?}");
                watch.look_at("ProjectReader::list", &how, call).await;
            }
        }
    }
    // Of everybody's it reads all there are: only who may see them all asks for it.
    watch
        .look_at("ProjectReader::count", "one's own", async |store| {
            let own = ProjectScope::OwnedBy(BUSY);
            let counted = store.reads().projects();
            let counted = counted.count(own, &ProjectFilter::default()).await;
            assert_eq!(counted, Ok(301));
        })
        .await;
}

async fn look_at_single(watch: &mut Watch) {
    watch
        .look_at("ProjectReader::find", "", async |store| {
            let own = ProjectScope::OwnedBy(SOMEBODY);
            let found = store.reads().projects().find(own, THEIRS).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at_write("ProjectWriter::lock", async |tx| {
            let locked = tx.projects_mut().lock(SOMEBODY, THEIRS).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("ProjectWriter::insert", async |tx| {
            let ada = user(Status::Active);
            tx.users_mut().insert(&ada).await.expect("she is new");
            let inserted = tx.projects_mut().insert(&project(&ada)).await;
            inserted.expect("it is new");
        })
        .await;
    watch
        .look_at_write("ProjectWriter::update", async |tx| {
            let found = tx.projects_mut().lock(SOMEBODY, THEIRS).await;
            let mut found = found.expect("nobody holds it").expect("it is there");
            found.version = found.version.next();
            let updated = tx.projects_mut().update(&found).await;
            updated.expect("it is newer");
        })
        .await;
    watch
        .look_at_write("ProjectWriter::delete", async |tx| {
            let deleted = tx.projects_mut().delete(THEIRS).await;
            deleted.expect("nobody holds it");
        })
        .await;
}
