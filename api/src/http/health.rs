//! `/healthz`: the process lives. `/readyz`: it can serve (database reachable and migrated, not stopping).

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::router::HttpState;
use crate::app::App;
use crate::server;

/// A database that takes longer is not one to serve from.
const LONGEST_LOOK: Duration = Duration::from_secs(2);

/// The process answers.
pub async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Whether requests can be served, and if not, why.
pub async fn readyz(State(state): State<HttpState>) -> (StatusCode, Json<Value>) {
    let database = is_database_ready(&state.app).await;
    let is_stopping = state.stop.is_cancelled();
    let status = if database && !is_stopping {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(json!({ "database": database, "stopping": is_stopping })),
    )
}

async fn is_database_ready(app: &Arc<App>) -> bool {
    let looking = server::pending_migrations(app);
    match tokio::time::timeout(LONGEST_LOOK, looking).await {
        Ok(Ok(pending)) => pending == 0,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database is not ready");
            false
        }
        Err(_) => {
            tracing::warn!("the database is not ready: it does not answer within {LONGEST_LOOK:?}");
            false
        }
    }
}
