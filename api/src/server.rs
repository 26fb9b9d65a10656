//! Running the server: logging, start, graceful stop.

use std::convert::Infallible;
use std::io::{ErrorKind, IsTerminal as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::DbErr;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::config::{HttpConfig, LogConfig, LogFormat};
use crate::credentials::key_ring;
use crate::error::DomainError;
use crate::http::metrics;
use crate::http::router::router;
use crate::jobs::figures;
use crate::store::hints;
use crate::{domain, jobs};

/// Requests in flight have this long to end after a stop signal.
const DRAIN: Duration = Duration::from_secs(25);
/// After its jobs in hand had [`jobs::worker::GRACE`] to end, the worker has this long to give back those that have not.
const GIVING_BACK: Duration = Duration::from_secs(4);

/// Sends log lines to standard error. Does nothing when a subscriber is set already.
pub fn start_logging(config: &LogConfig) {
    report_panics();
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Pretty => builder.compact().try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging had been started before");
    }
}

/// Logs where code panicked and not with which words: they may quote what it was working on.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
}

/// Listens, migrates, and serves until SIGTERM or SIGINT; then drains and returns.
///
/// # Errors
/// When the address cannot be bound or the database not be migrated.
pub async fn serve(app: Arc<App>) -> anyhow::Result<()> {
    // The ports first: a second start must fail before it touches anything.
    let listeners = Listeners::bind(&app.config.http).await?;
    prepare(&app).await?;
    serve_on(app, listeners).await
}

/// The open listening sockets of a server.
#[derive(Debug)]
pub struct Listeners {
    /// Where everybody comes in.
    pub public: TcpListener,
    /// Where whoever watches over the server comes in, if anywhere.
    pub metrics: Option<TcpListener>,
}

impl Listeners {
    /// Opens the sockets that the settings ask for.
    ///
    /// # Errors
    /// With what to do when another program has an address.
    pub async fn bind(config: &HttpConfig) -> anyhow::Result<Self> {
        let public =
            "MARKETPLACE_HTTP_ADDRESS=127.0.0.1:8081 MARKETPLACE_BASE_URL=http://127.0.0.1:8081";
        let metrics = "MARKETPLACE_METRICS_ADDRESS=127.0.0.1:9465";
        Ok(Self {
            public: bind(config.address, public).await?,
            metrics: match config.metrics_address {
                Some(address) => Some(bind(address, metrics).await?),
                None => None,
            },
        })
    }
}

/// Brings the database to this program's schema and taxonomy, and reads the signing keys.
///
/// # Errors
/// When the database cannot be migrated, or the keys not be opened.
pub async fn prepare(app: &App) -> anyhow::Result<()> {
    Migrator::up(&app.store.connection, None)
        .await
        .context("cannot migrate the database")?;
    domain::taxonomy::seed::run(app)
        .await
        .context("cannot store the taxonomy")?;
    domain::signing_keys::begin::run(app)
        .await
        .map_err(in_words)
        .context("cannot read the signing keys")
}

/// Serves on open listeners until SIGTERM or SIGINT; then drains and returns.
///
/// # Errors
/// When an address of the listeners cannot be told, or the worker fails. An error of accepting ends nothing: axum waits a moment
/// and goes on.
pub async fn serve_on(app: Arc<App>, listeners: Listeners) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    tokio::spawn(cancel_on_signal(stop.clone()));
    let worker_ended = CancellationToken::new();
    // Counted from the signal, as the worker counts, and not from the end of the last request.
    let mut too_late = {
        let stop = stop.clone();
        tokio::spawn(async move {
            stop.cancelled().await;
            tokio::time::sleep(jobs::worker::GRACE + GIVING_BACK).await;
        })
    };
    let worker = app.config.worker.is_embedded.then(|| {
        let (app, stop) = (app.clone(), stop.clone());
        let ended = worker_ended.clone().drop_guard();
        tokio::spawn(async move {
            let _ended = ended;
            jobs::worker::run(app, stop, jobs::worker::GRACE).await;
        })
    });
    tokio::spawn(key_ring::follow(
        app.clone(),
        key_ring::INTERVAL,
        stop.clone(),
    ));
    tokio::spawn(figures::follow(
        app.clone(),
        figures::INTERVAL,
        stop.clone(),
    ));
    let reach = &app.store.reach;
    tokio::spawn(reach.watch(&app.config.database.url, stop.clone())?);
    tokio::spawn(hints::run(
        app.store.clone(),
        app.config.database.url.clone(),
        hints::Pace::default(),
        stop.clone(),
    ));
    let mut follower = tokio::spawn(domain::matching::current::follow::run(
        app.clone(),
        stop.clone(),
    ));
    let metrics_address = listeners.metrics.as_ref().map(TcpListener::local_addr);
    tracing::info!(
        address = %listeners.public.local_addr()?,
        metrics_address = metrics_address.transpose()?.map(tracing::field::display),
        base_url = app.config.http.base_url,
        "serving"
    );

    let service =
        router(app.clone(), stop.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listeners.public, service)
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        outcome = serving.into_future() => outcome.context("the listener failed")?,
        // Watched until the last request has ended.
        never = watched(&app, listeners.metrics) => match never {},
        () = drained(&stop) => tracing::warn!("requests still in flight after {DRAIN:?} were cut off"),
        () = ended_early(&worker_ended, &stop) => bail!("the worker failed; without it no mail would leave"),
        Err(error) = &mut follower => bail!("the current suggestions are not followed any more: {error}"),
    }
    stop.cancel();
    if let Some(mut worker) = worker {
        tokio::select! {
            ended = &mut worker => ended.context("the worker failed")?,
            _ = &mut too_late => {
                worker.abort();
                tracing::warn!(
                    "the jobs in hand were broken off; they are taken up again when their leases end"
                );
            }
        }
    }
    tracing::info!("stopped");
    Ok(())
}

/// Gives figures to whoever asks for them, where there is a listener for it, until it is dropped.
async fn watched(app: &Arc<App>, listener: Option<TcpListener>) -> Infallible {
    if let Some(listener) = listener {
        // Without a signal to stop, this does not return either.
        let ended = axum::serve(listener, metrics::router(app.clone())).await;
        tracing::error!(?ended, "figures are not served any more");
    }
    std::future::pending().await
}

/// Returns when the worker ends although nobody told it to. A server that goes on without one looks healthy and is not.
async fn ended_early(worker_ended: &CancellationToken, stop: &CancellationToken) {
    worker_ended.cancelled().await;
    if stop.is_cancelled() {
        std::future::pending::<()>().await;
    }
}

/// Opens a listening socket; `instead` are settings for another one.
async fn bind(address: SocketAddr, instead: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => anyhow!(
                "{address} is in use by another program; stop it, or choose another port: {instead}"
            ),
            _ => anyhow!("cannot listen on {address}: {error}"),
        })
}

async fn drained(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(DRAIN).await;
}

/// Cancels `stop` at the first SIGTERM or SIGINT.
pub async fn cancel_on_signal(stop: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::error!("signals cannot be received; stop the process by SIGKILL");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    stop.cancel();
}

/// How many migrations the database lacks.
pub async fn pending_migrations(app: &App) -> Result<usize, DbErr> {
    Migrator::get_pending_migrations(&app.store.connection)
        .await
        .map(|pending| pending.len())
}

/// A use case's error in words for the command line.
pub fn in_words(error: DomainError) -> anyhow::Error {
    match error {
        DomainError::Rules(violations) => {
            let words: Vec<String> = violations
                .iter()
                .map(|violation| {
                    if violation.field.is_empty() {
                        violation.en.clone()
                    } else {
                        format!("{}: {}", violation.field, violation.en)
                    }
                })
                .collect();
            anyhow!(words.join("; "))
        }
        DomainError::Internal(cause) => cause,
        DomainError::Unavailable(cause) => anyhow!(cause),
        other => anyhow!(other),
    }
}
