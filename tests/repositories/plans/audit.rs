use application::PageRequest;
use application::audit::AuditFilter;
use chrono::{DateTime, TimeDelta};
use domain::audit::{Action, Deed};
use domain::users::UserId;
use support::TestStore;
use uuid::Uuid;

use super::{SOMEBODY, Watch};

pub(super) async fn look_at_log(watch: &mut Watch) {
    let busy = UserId(Uuid::from_u128(1_000));
    let actors = [None, Some(SOMEBODY), Some(busy)];
    let actions = [
        None,
        Some(Action::SessionsRefreshed),
        Some(Action::UsersDeleted),
        Some(Action::UsersCreated),
    ];
    let middle = DateTime::from_timestamp(1_768_000_000, 0).expect("it is in January");
    let times = [None, Some(middle), Some(middle + TimeDelta::days(9_999))];
    for actor in actors {
        for action in actions {
            for since in times {
                let filter = AuditFilter {
                    actor,
                    action,
                    since,
                };
                let call = async |store: &TestStore| {
                    let mut after = None;
                    for limit in [20, 100] {
                        let page = PageRequest { limit, after };
                        let page = store.reads().audit().list(&filter, &page).await;
                        after = page.expect("the database is there").next;
                    }
                };
                let how = format!("{filter:?}");
                watch.look_at("AuditReader::list", &how, call).await;
            }
        }
    }
    watch
        .look_at("record", "", async |store| {
            let mut tx = store.begin().await;
            tx.record(Deed::on(Action::UsersCreated, SOMEBODY), middle);
            tx.commit().await.expect("nothing speaks against it");
        })
        .await;
}
