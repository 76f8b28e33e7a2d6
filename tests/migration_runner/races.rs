use std::sync::Arc;

use sea_orm_migration_runner::Target;
use support::at_once;

use super::migrations::{Plain, empty, runner, three};

#[tokio::test(flavor = "multi_thread")]
async fn eight_at_once_run_each_migration_once() {
    for round in 0..20 {
        let database = Arc::new(empty().await);

        let applied = at_once((0..8).map(|_| {
            let database = Arc::clone(&database);
            async move {
                let connection = database.connection().await;
                let mut migrations = three().to_vec();
                // One that no transaction would save from running twice.
                let second = Plain::new("m4", &["INSERT INTO stones VALUES ('second')"], &[]);
                migrations.push(second.without_transaction());
                let runner = runner(&migrations);
                let applied = runner.up(&connection, &Target::All).await;
                applied.map_err(|it| it.to_string())
            }
        }));

        let applied: Result<Vec<_>, _> = applied.await.into_iter().collect();
        let mut applied = applied.unwrap_or_else(|error| panic!("round {round}: {error}"));
        applied.retain(|it| !it.is_empty());
        assert_eq!(applied.len(), 1, "round {round}: {applied:?}");
        assert_eq!(applied[0].len(), 4, "round {round}");
        assert_eq!(database.count("stones").await, 2, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn up_and_down_at_once_leave_all_or_nothing() {
    let database = Arc::new(empty().await);

    let ended = at_once((0..8).map(|number| {
        let database = Arc::clone(&database);
        async move {
            let connection = database.connection().await;
            let runner = runner(&three());
            if number % 2 == 0 {
                runner.up(&connection, &Target::All).await
            } else {
                runner.down(&connection, &Target::All).await
            }
        }
    }));

    for changed in ended.await {
        let changed = changed.unwrap().len();
        assert!(changed == 0 || changed == 3, "{changed}");
    }
}
