//! The page to try the API on: whole in both languages, usable without a pointer, and alone with the server.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::conformance::closing_line;
use super::socket::Server;
use super::{Answer, development, production, send};

const FILES: [&str; 6] = [
    "/workbench",
    "/workbench/en",
    "/workbench/fr",
    "/workbench/script.js",
    "/workbench/style.css",
    "/workbench/schema.graphql",
];

async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

/// The values of an attribute, in the order of the page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    let parts = page.split(start.as_str()).skip(1);
    parts.map(|rest| rest.split_once('"').unwrap().0).collect()
}

/// The paths that a file names in quotes.
fn paths(text: &str) -> Vec<&str> {
    let is_path = |part: &&str| {
        part.starts_with('/')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || b"/.-".contains(&byte))
    };
    text.split(['"', '\'', '`']).filter(is_path).collect()
}

#[tokio::test]
async fn the_workbench_is_for_development() {
    let app = development().await;
    let answer = get(&app.router(), "/").await;
    assert_eq!(answer.header("location"), "/workbench");
    for path in FILES {
        assert_eq!(
            get(&app.router(), path).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
    let app = production().await;
    for path in FILES.into_iter().chain(["/"]) {
        let answer = get(&app.router(), path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_workbench_asks_no_other_address_than_the_servers() {
    let router = development().await.router();
    for path in FILES {
        let policy = get(&router, path).await;
        let policy = policy.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        for directive in policy.split("; ") {
            let (_, sources) = directive.split_once(' ').unwrap();
            assert!(["'none'", "'self'"].contains(&sources), "{directive}");
        }
    }
    let script = get(&router, "/workbench/script.js").await;
    assert_eq!(paths(&script.text), ["/graphql", "/graphql"]);
    let style = get(&router, "/workbench/style.css").await;
    let [english, french] = [
        get(&router, "/workbench/en").await,
        get(&router, "/workbench/fr").await,
    ];
    for (page, other) in [(&english, "/workbench/fr"), (&french, "/workbench/en")] {
        let named = [
            "/workbench/style.css",
            "/workbench/script.js",
            "/workbench/schema.graphql",
            other,
        ];
        assert_eq!(paths(&page.text), named);
        // The policy lets no script or style run that stands in the page.
        for inline in ["<style", " style=", " onclick=", "<script>"] {
            assert!(!page.text.contains(inline), "{inline}");
        }
    }
    for file in [&english, &french, &script, &style] {
        for elsewhere in ["://", "url(", "@import", "import("] {
            assert!(!file.text.contains(elsewhere), "{elsewhere}: {}", file.text);
        }
    }
    // With `nosniff`, a browser takes a file for nothing but what it is sent as.
    for (file, media_type) in [
        (&english, "text/html; charset=utf-8"),
        (&script, "text/javascript; charset=utf-8"),
        (&style, "text/css; charset=utf-8"),
    ] {
        assert_eq!(file.header("content-type"), media_type);
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
    let schema = get(&router, "/workbench/schema.graphql").await;
    assert!(schema.text.contains("\ntype Query {"));
}

#[tokio::test]
async fn the_workbench_is_in_the_readers_language_and_usable_by_keyboard() {
    let router = development().await.router();
    let asked = async |language: &str| {
        let request = Request::get("/workbench").header("accept-language", language);
        send(&router, request.body(Body::empty()).unwrap())
            .await
            .text
    };
    let [english, french] = [
        get(&router, "/workbench/en").await.text,
        get(&router, "/workbench/fr").await.text,
    ];
    assert_eq!(asked("fr-CA, en;q=0.5").await, french);
    assert_eq!(asked("en-CA").await, english);
    assert_eq!(asked("de").await, english);
    assert!(english.contains("<html lang=\"en\">") && french.contains("<html lang=\"fr\">"));
    // The script finds the same in both; only the words differ.
    for attribute in ["id", "for", "type", "tabindex", "aria-labelledby", "role"] {
        assert_eq!(values(&english, attribute), values(&french, attribute));
    }
    let script = get(&router, "/workbench/script.js").await.text;
    for page in [english, french] {
        let ids = values(&page, "id");
        for field in ["document", "variables", "token", "language"] {
            assert!(values(&page, "for").contains(&field) && ids.contains(&field));
        }
        // Whatever can be done is a control that the keyboard reaches in the order of the page.
        assert_eq!(page.matches("<button").count(), 2);
        assert!(
            values(&page, "tabindex")
                .into_iter()
                .all(|place| place == "0")
        );
        for word in ["waiting", "event", "closed", "request"] {
            assert_eq!(values(&page, &format!("data-{word}")).len(), 1);
            assert!(script.contains(&format!("status.dataset.{word}")), "{word}");
        }
    }
}

#[tokio::test]
async fn the_workbench_does_what_is_asked_of_it_by_keyboard() {
    let server = Server::start().await;
    let arguments = [
        server.url.replacen("ws:", "http:", 1),
        "{ __typename }".to_owned(),
        "subscription { count(end: 3) }".to_owned(),
        "subscription { count(end: 1000000) }".to_owned(),
    ];
    assert_eq!(
        closing_line(include_str!("workbench.mjs"), arguments.to_vec()).await,
        "workbench: 8 of 8 checks are well"
    );
}
