//! What entities say becomes a schema: keys in circles, composite keys, comments, enums in arrays.

use sea_orm_autogenerate::{Entities, Error, Server, check};

use super::{Statements, found, here, server};
use support::Engine;

/// A team has a leader, who is a member of a team, and may have a mentor.
mod circle {
    pub(crate) mod team {
        use sea_orm::entity::prelude::*;

        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "team", comment = "Who works together")]
        pub(crate) struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: i32,
            #[sea_orm(unique_key = "place", comment = "Where it's at")]
            pub city: String,
            #[sea_orm(unique_key = "place")]
            pub room: String,
            pub leader_id: Option<i32>,
            #[sea_orm(
                belongs_to,
                relation_enum = "Leader",
                from = "leader_id",
                to = "id",
                on_delete = "SetNull"
            )]
            pub leader: BelongsTo<Option<super::member::Entity>>,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub(crate) mod member {
        use sea_orm::entity::prelude::*;

        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "member")]
        pub(crate) struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: i32,
            #[sea_orm(indexed)]
            pub team_id: i32,
            pub mentor_id: Option<i32>,
            #[sea_orm(
                belongs_to,
                relation_enum = "Team",
                from = "team_id",
                to = "id",
                on_update = "Cascade",
                on_delete = "Cascade"
            )]
            pub team: BelongsTo<super::team::Entity>,
            #[sea_orm(self_ref, relation_enum = "Mentor", from = "mentor_id", to = "id")]
            pub mentor: BelongsTo<Option<Entity>>,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }
}

const TEAM: &str = "CREATE TABLE team (id INTEGER PRIMARY KEY, city VARCHAR NOT NULL, room VARCHAR NOT NULL, \
                    leader_id INTEGER, UNIQUE (city, room)";
const MEMBER: &str = "CREATE TABLE member (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL, \
                      mentor_id INTEGER REFERENCES member (id), \
                      FOREIGN KEY (team_id) REFERENCES team (id) ON UPDATE CASCADE ON DELETE CASCADE); \
                      CREATE INDEX ON_TEAM ON member (team_id)";

#[tokio::test]
async fn tables_that_refer_to_each_other_and_themselves_are_made() {
    let entities = Entities::new()
        .with(circle::team::Entity)
        .with(circle::member::Entity);
    let leader = "FOREIGN KEY (leader_id) REFERENCES member (id) ON DELETE SET NULL";
    let migrations = here(
        [
            format!("{TEAM}, {leader})"),
            MEMBER.to_owned(),
            String::new(),
        ],
        [
            format!("{TEAM})"),
            MEMBER.to_owned(),
            format!(
                "ALTER TABLE team ADD {leader}; COMMENT ON TABLE team IS 'Who works together'; \
                 COMMENT ON COLUMN team.city IS 'Where it''s at'"
            ),
        ],
    );
    let migrations: Vec<_> = migrations.iter().map(String::as_str).collect();

    let found = found(&entities, &[], &migrations).await;

    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn a_list_with_one_entity_of_two_is_an_error() {
    let entities = Entities::new()
        .all_of("integration::autogenerate::entities::circle")
        .with(circle::team::Entity);

    let error = check::<Statements>(&server(), &entities, async |_: &_| Ok(())).await;

    let error = error.unwrap_err().to_string();
    assert!(error.contains("circle::member"), "{error}");
    assert!(!error.contains("circle::team"), "{error}");
}

#[tokio::test]
async fn a_module_without_entities_and_a_table_with_two_are_errors() {
    let nothing = Entities::new().all_of("integration::nowhere");
    let twice = Entities::new()
        .with(circle::team::Entity)
        .with(circle::team::Entity);

    let nothing = check::<Statements>(&server(), &nothing, async |_: &_| Ok(())).await;
    let twice = check::<Statements>(&server(), &twice, async |_: &_| Ok(())).await;

    assert!(
        matches!(nothing, Err(Error::NothingRegistered(module)) if module.ends_with("nowhere"))
    );
    assert!(matches!(twice, Err(Error::Twice(table)) if table == "team"));
}

mod tags {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "tag")]
    pub(crate) enum Tag {
        #[sea_orm(string_value = "new")]
        New,
        #[sea_orm(string_value = "old")]
        Old,
    }

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(schema_name = "shop", table_name = "tagged")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub tags: Vec<Tag>,
        pub words: Vec<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::test]
async fn arrays_of_enums_in_another_schema_are_postgresqls_and_an_error_elsewhere() {
    let entities = Entities::new().with(tags::Entity);
    if Engine::of_this_run() == Engine::Sqlite {
        let error = check::<Statements>(&Server::Sqlite, &entities, async |_: &_| Ok(())).await;

        let error = error.unwrap_err().to_string();
        assert!(error.contains("shop.tagged"), "{error}");
        return;
    }

    let found = found(
        &entities,
        &[],
        &[
            "CREATE TYPE tag AS ENUM ('new', 'old')",
            "CREATE SCHEMA shop; CREATE TABLE shop.tagged (id SERIAL PRIMARY KEY, tags tag[] NOT NULL, words VARCHAR[] NOT NULL)",
        ],
    )
    .await;

    assert!(found.is_empty(), "{found:#?}");
}
