use chrono::{DateTime, Utc};
use domain::upkeep::Leftover;

use super::Watch;

/// Of twenty thousand rows hardly any are over by the first of these times, and all by the last.
pub(super) async fn look_at_leftovers(watch: &mut Watch) {
    watch
        .look_at_write("UpkeepWriter::take_turn", async |tx| {
            assert_eq!(tx.upkeep_mut().take_turn().await, Ok(true));
        })
        .await;
    for kind in Leftover::ALL {
        for by in [
            "2026-01-01T02:00:00Z",
            "2026-01-08T00:00:00Z",
            "2026-02-01T00:00:00Z",
        ] {
            let by: DateTime<Utc> = by.parse().expect("it is a time");
            watch
                .look_at_write("UpkeepWriter::delete_over", async |tx| {
                    let rows = tx.upkeep_mut().delete_over(*kind, by, 1_000).await;
                    assert!(rows.expect("nobody holds them") > 0, "{kind:?}");
                })
                .await;
        }
    }
}
