//! A marketplace that stands still while copies of it go on: what one of them changes, no other sees.

use std::sync::Arc;

use api::app::App;
use api::clock::Clock;
use api::config::Config;
use api::domain::worklist::changes::INTERVAL;

use super::TestApp;
use crate::database::TestDatabase;

/// What a copy is made from.
pub struct Frozen {
    database: Arc<TestDatabase>,
    config: Config,
    clock: Clock,
}

impl TestApp {
    /// Ends this marketplace's use of its database, so that it can be copied. Who is logged in stays so in every copy.
    pub async fn freeze(self) -> Frozen {
        let App {
            config,
            clock,
            store,
            ..
        } = &*self.app;
        store.connection.close_by_ref().await.unwrap();
        self.database.connection.close_by_ref().await.unwrap();
        Frozen {
            database: self.database.clone(),
            config: config.clone(),
            clock: clock.clone(),
        }
    }
}

impl Frozen {
    /// A marketplace over a copy of the database.
    pub async fn thaw(&self) -> TestApp {
        let database = self.database.copy().await;
        let mut config = self.config.clone();
        config.database.url = database.url.clone().into();
        TestApp::node(Arc::new(database), config, self.clock.clone(), 9, INTERVAL).await
    }
}
