//! The routes and what every request passes.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::Instrument as _;

use super::graphql_over_http::IDEMPOTENCY_KEY;
use super::graphql_over_ws::{SocketPlaces, SocketTimes};
#[cfg(feature = "oidc")]
use super::oidc_session;
#[cfg(feature = "passkeys")]
use super::passkey_session;
use super::request_context::{CLIENT, REQUEST_ID};
use super::{
    actions, admin, browser_session, certificate, export, graphql_over_http, health, jwks,
    mail_reports, pages, security_headers, workbench,
};
use crate::app::App;
use crate::config::Environment;
use crate::graphql::endpoint::Endpoint;
use crate::graphql::schema;

/// Where the GraphQL API is, on every transport.
const GRAPHQL: &str = "/graphql";

/// What handlers share.
#[derive(Clone)]
pub struct HttpState {
    /// The composition root.
    pub app: Arc<App>,
    /// The GraphQL schema.
    pub graphql: Endpoint,
    /// Cancelled when the server begins to stop.
    pub stop: CancellationToken,
    /// The places for sockets.
    pub sockets: SocketPlaces,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long sockets wait.
    pub socket_times: SocketTimes,
    /// What certificates of rounds may cost.
    pub certificates: certificate::Limits,
}

impl HttpState {
    /// State for a server that has just begun.
    pub fn new(app: Arc<App>, graphql: Endpoint, stop: CancellationToken) -> Self {
        Self {
            app,
            graphql,
            stop,
            sockets: SocketPlaces::default(),
            body_time: graphql_over_http::BODY_TIME,
            socket_times: SocketTimes::default(),
            certificates: certificate::Limits::default(),
        }
    }
}

/// The whole server as one service.
pub fn router(app: Arc<App>, stop: CancellationToken) -> Router {
    let endpoint = Endpoint::new(schema::build());
    let endpoint = endpoint.with_trusted_documents(app.trusted_documents.clone());
    router_of(HttpState::new(app, endpoint, stop))
}

/// The whole server over any state; tests bring a schema of their own.
pub fn router_of(state: HttpState) -> Router {
    let mut graphql = get(graphql_over_http::get)
        .post(graphql_over_http::post)
        .fallback(graphql_over_http::method_not_allowed);
    let mut certificate = get(certificate::get);
    let mut session = get(browser_session::show)
        .post(browser_session::open)
        .delete(browser_session::close);
    let mut factor = post(browser_session::prove_factor);
    let mut export = export::routes();
    #[cfg(feature = "passkeys")]
    let mut passkey = post(passkey_session::open);
    #[cfg(feature = "oidc")]
    let mut identity = post(oidc_session::link);
    if !state.app.config.http.allowed_origins.is_empty() {
        let layer = cross_origin(&state.app.config.http.allowed_origins);
        graphql = graphql.layer(layer.clone());
        certificate = certificate.layer(layer.clone());
        export = export.layer(layer.clone());
        session = session.layer(layer.clone());
        #[cfg(feature = "passkeys")]
        {
            passkey = passkey.layer(layer.clone());
        }
        #[cfg(feature = "oidc")]
        {
            identity = identity.layer(layer.clone());
        }
        factor = factor.layer(layer);
    }
    let mut routes = Router::new()
        .route(GRAPHQL, graphql)
        .route(certificate::ROUTE, certificate)
        .route(browser_session::ROUTE, session)
        .route(browser_session::FACTOR_ROUTE, factor)
        .route(jwks::ROUTE, get(jwks::get))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(export)
        .merge(actions::routes())
        .merge(pages::routes())
        .fallback(pages::missing);
    #[cfg(feature = "passkeys")]
    {
        routes = routes.route(passkey_session::ROUTE, passkey);
    }
    #[cfg(feature = "oidc")]
    {
        routes = routes
            .route(oidc_session::LINK_ROUTE, identity)
            .merge(oidc_session::routes());
    }
    if state.app.config.mail.report_secret.is_some() {
        routes = routes.route(mail_reports::ROUTE, post(mail_reports::post));
    }
    if state.app.config.environment == Environment::Development {
        routes = routes
            .merge(workbench::routes())
            // Where whoever tries the server looks first.
            .route("/", get(async || Redirect::temporary(workbench::ROUTE)));
    }
    if let Some(folder) = &state.app.config.http.admin_dir {
        routes = routes.merge(admin::routes(folder));
    }
    routes
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), identify))
        .layer(from_fn_with_state(
            state.app.config.environment,
            security_headers::add,
        ))
        .with_state(state)
}

/// The answer to a request that ended in a panic. The panic's words stay where they are: they may quote what was sent.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Lets pages of `origins`, and of no other, call the API and read its answers, with a token or with the session's cookie,
/// which browsers send for pages of the same site only.
fn cross_origin(origins: &[String]) -> CorsLayer {
    let origins = origins.to_vec();
    let is_allowed = AllowOrigin::predicate(move |origin, _| {
        let origin = origin.to_str().unwrap_or_default();
        origins.iter().any(|one| one.eq_ignore_ascii_case(origin))
    });
    CorsLayer::new()
        .allow_origin(is_allowed)
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static(CLIENT),
            HeaderName::from_static(IDEMPOTENCY_KEY),
        ])
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static(REQUEST_ID)])
        .max_age(Duration::from_mins(10))
}

/// Gives each request an id of ours (a client's is not trusted), logs it, and returns the id in the answer.
async fn identify(
    axum::extract::State(state): axum::extract::State<HttpState>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = state.app.new_id().simple().to_string();
    let name = HeaderName::from_static(REQUEST_ID);
    let value = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("unknown"));
    request.headers_mut().insert(name.clone(), value.clone());
    // The route, and not the address, in which there may be anything.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    let mut response = next.run(request).instrument(span.clone()).await;
    tracing::info!(parent: &span, status = response.status().as_u16(), "answered");
    response.headers_mut().insert(name, value);
    response
}
