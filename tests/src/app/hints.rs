//! How servers hear of each other's commits on PostgreSQL, as a test starts it, watches it and cuts it off.

use std::time::Duration;

use api::store::hints::{self, APPLICATION, Pace};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tokio_util::sync::CancellationToken;

use super::TestApp;

impl TestApp {
    /// Tells other servers what is committed here and hears what is committed there, as a running server does all the time, and
    /// returns when it listens. `between` two hints of one topic passes so much. Cancelled, what is returned ends it.
    pub async fn exchange_hints(&self, between: Duration) -> CancellationToken {
        let database = &self.app.store.connection;
        let before = listeners(database).await;
        let pace = Pace {
            hints: between,
            ..Pace::default()
        };
        let (store, stop) = (self.app.store.clone(), self.stop.child_token());
        let url = self.app.config.database.url.clone();
        tokio::spawn(hints::run(store, url, pace, stop.clone()));
        listens_beside(database, &before).await;
        stop
    }

    /// The hints sent after the first `count` statements, heartbeats left out: their topics.
    pub fn hints_sent_after(&self, count: usize) -> Vec<String> {
        let statements = self.statements.lock().unwrap();
        let notifying = statements[count..]
            .iter()
            .filter(|it| it.sql.contains("pg_notify"));
        let payloads = notifying.map(|it| it.values.clone().unwrap().0[1].to_string());
        let topics = payloads.map(|it| it.trim_matches('\'').split(' ').next().unwrap().to_owned());
        topics.filter(|topic| topic != "heartbeat").collect()
    }
}

/// The processes of PostgreSQL that listen in a database for servers of the marketplace.
pub async fn listeners(database: &DatabaseConnection) -> Vec<i32> {
    let listening = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = $1 AND state = 'idle' AND query LIKE 'LISTEN%'",
        [APPLICATION.into()],
    );
    let rows = database.query_all_raw(listening).await.unwrap();
    let processes = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
    processes.collect()
}

/// Waits until a process listens that is none of these, and says which.
pub async fn listens_beside(database: &DatabaseConnection, before: &[i32]) -> i32 {
    loop {
        let mut listening = listeners(database).await.into_iter();
        if let Some(process) = listening.find(|process| !before.contains(process)) {
            return process;
        }
    }
}

/// Has PostgreSQL end the connection of a process.
pub async fn terminate(database: &DatabaseConnection, process: i32) {
    let terminating = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pg_terminate_backend($1)",
        [process.into()],
    );
    database.query_one_raw(terminating).await.unwrap();
}
