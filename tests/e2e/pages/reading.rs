//! In which language pages come, that anybody can read them, and what is said when there is none.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use tests::app::TestApp;
use tests::database::Backend;
use tests::listing::{published_project, vetted_organization};
use tests::on_both_databases;
use tower::ServiceExt as _;

use super::{Page, get, get_with};

/// What WCAG asks of a page's structure, as far as it shows in its text.
fn assert_well_built(page: &Page, uri: &str) {
    let html = &page.html;
    assert!(html.starts_with("<!DOCTYPE html>"), "{uri}");
    for once in [
        "<h1",
        "<main id=\"content\"",
        "<header>",
        "<footer>",
        "<title>",
    ] {
        assert_eq!(html.matches(once).count(), 1, "{once} of {uri}");
    }
    // The first thing that a keyboard reaches leads past everything else.
    let (_, body) = html.split_once("<body>").unwrap();
    assert!(
        body.trim_start()
            .starts_with("<a class=\"skip\" href=\"#content\">"),
        "{uri}"
    );
    let levels: Vec<u32> = html
        .split("<h")
        .filter_map(|rest| rest.chars().next()?.to_digit(10))
        .collect();
    assert_eq!(levels.first(), Some(&1), "{uri}");
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?} of {uri}"
    );
    let values = |name: &str| -> Vec<String> {
        html.split(&format!(" {name}=\""))
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let ids = values("id");
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "ids of {uri} are not unique"
    );
    for target in values("href")
        .iter()
        .filter_map(|href| href.strip_prefix('#'))
    {
        assert!(
            ids.iter().any(|id| id == target),
            "#{target} of {uri} leads nowhere"
        );
    }
    // Each navigation has a name of its own, and letters may be made larger.
    assert_eq!(
        html.matches("<nav").count(),
        html.matches("<nav aria-label=").count(),
        "{uri}"
    );
    assert!(
        html.contains("content=\"width=device-width, initial-scale=1\""),
        "{uri}"
    );
    for forbidden in [
        "<script", "<style", " style=", "<img", "<iframe", " onclick",
    ] {
        assert!(!html.contains(forbidden), "{forbidden} in {uri}");
    }
    assert_eq!(
        page.header("content-security-policy")
            .matches("script")
            .count(),
        0,
        "{uri}"
    );
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'self';"),
        "{uri}"
    );
}

on_both_databases! {
    async fn every_page_comes_in_the_language_asked_for_and_is_well_built(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator) = (app.sign_up("Ada", "en").await, app.coordinator().await);
        let organization = vetted_organization(&owner, &coordinator, "Maps").await;
        let project = published_project(&owner, &coordinator, &organization, "Ramps", &json!({})).await;
        app.run_jobs().await;
        let paths = [
            "/privacy".to_owned(),
            "/how-matching-works".to_owned(),
            format!("/organizations/{}", organization["slug"].as_str().unwrap()),
            format!("/projects/{}", project["slug"].as_str().unwrap()),
            "/projects/no-such-project".to_owned(),
            "/organizations/%FF".to_owned(),
        ];
        for path in &paths {
            let cases = [
                ("", None, "en"),
                ("", Some("fr-CA, en;q=0.8"), "fr"),
                ("?lang=en", Some("fr"), "en"),
                ("?lang=fr", Some("en"), "fr"),
                ("?lang=de", Some("fr"), "fr"),
                ("?lang=%FF", None, "en"),
            ];
            for (query, accepted, language) in cases {
                let uri = format!("{path}{query}");
                let headers: Vec<_> = accepted.map(|accepted| (header::ACCEPT_LANGUAGE, accepted)).into_iter().collect();
                let page = get_with(&app, &uri, &headers).await;
                let is_there = !path.contains("no-such") && !path.contains('%');
                assert_eq!(page.status, if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND }, "{uri}");
                assert!(page.html.contains(&format!("<html lang=\"{language}-CA\">")), "{uri} {accepted:?}");
                assert_eq!(page.header("content-language"), format!("{language}-CA"), "{uri}");
                assert!(page.header("vary").to_lowercase().contains("accept-language"), "{uri}");
                assert_eq!(page.header("x-robots-tag").is_empty(), is_there, "{uri}");
                assert_well_built(&page, &uri);
                let other = if language == "en" { "fr" } else { "en" };
                let switch = format!("<a href=\"{path}?lang={other}\" lang=\"{other}\" hreflang=\"{other}\">");
                assert_eq!(page.html.contains(&switch), !path.contains('%'), "{uri}");
                let nothing = if language == "en" { "There is nothing at this address" } else { "Il n’y a rien à cette adresse" };
                assert_eq!(page.text().contains(nothing), !is_there, "{uri}");
            }
        }
    }

    async fn an_unknown_address_is_a_page_for_people_and_a_status_for_programs(backend) {
        let app = TestApp::new(backend).await;
        let accepts = (header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        let page = get_with(&app, "/projets?lang=fr", &[accepts]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        page.assert_reads("Il n’y a rien à cette adresse");
        assert_well_built(&page, "/projets");
        for accepted in [None, Some("application/json"), Some("*/*")] {
            let headers: Vec<_> = accepted.map(|accepted| (header::ACCEPT, accepted)).into_iter().collect();
            let bare = get_with(&app, "/projets", &headers).await;
            assert_eq!((bare.status, bare.html.as_str()), (StatusCode::NOT_FOUND, ""), "{accepted:?}");
        }
    }

    async fn when_the_database_is_away_a_page_says_so_in_both_languages(backend) {
        let app = TestApp::new(backend).await;
        app.app.store.connection.close_by_ref().await.unwrap();
        for (lang, words) in [("en", "Something went wrong on our side"), ("fr", "Une erreur s’est produite de notre côté")] {
            let page = get(&app, &format!("/projects/ramps?lang={lang}")).await;
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
            page.assert_reads(words);
            // What needs no database is still told.
            assert_eq!(get(&app, &format!("/privacy?lang={lang}")).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a_page_is_only_read() {
    let app = TestApp::new(Backend::Sqlite).await;
    for (method, status) in [
        (Method::HEAD, StatusCode::OK),
        (Method::POST, StatusCode::METHOD_NOT_ALLOWED),
        (Method::DELETE, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri("/privacy")
            .body(Body::empty());
        let response = app.router().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), status, "{method}");
    }
}

#[tokio::test]
async fn colours_stand_out_by_day_and_by_night_and_nothing_has_a_fixed_width() {
    let app = TestApp::new(Backend::Sqlite).await;
    let style = get(&app, "/a/style.css").await.html;
    let palettes: Vec<BTreeMap<String, f64>> = style
        .split(":root {")
        .skip(1)
        .map(|rest| palette(rest.split('}').next().unwrap()))
        .collect();
    assert_eq!(palettes.len(), 2, "one for the day, one for the night");
    let mut night = palettes[0].clone();
    night.extend(palettes[1].clone());
    for (name, colours) in [("day", &palettes[0]), ("night", &night)] {
        let pairs = [
            ("text", "page", 4.5),
            ("quiet", "page", 4.5),
            ("accent", "page", 4.5),
            ("on-accent", "accent", 4.5),
            ("text", "note", 4.5),
            ("text", "alert-note", 4.5),
            ("accent", "note", 3.0),
            ("alert", "alert-note", 3.0),
            ("line", "page", 3.0),
        ];
        for (above, below, least) in pairs {
            let ratio = contrast(colours[above], colours[below]);
            assert!(ratio >= least, "{above} on {below} by {name}: {ratio:.2}");
        }
    }
    // At 400 % a page is 320 pixels wide: everything has to fold.
    for rule in style.split(['{', ';', '}']) {
        let (property, value) = rule.split_once(':').unwrap_or_default();
        let is_width = matches!(property.trim(), "width" | "min-width");
        assert!(
            !is_width || value.trim() == "100%" || value.trim() == "1.5rem",
            "{rule}"
        );
        assert_ne!(value.trim(), "nowrap", "{rule}");
    }
}

/// The relative luminance of each colour by name.
fn palette(rules: &str) -> BTreeMap<String, f64> {
    rules
        .split(';')
        .filter_map(|rule| rule.trim().strip_prefix("--")?.split_once(": #"))
        .map(|(name, code)| (name.to_owned(), luminance(code)))
        .collect()
}

/// WCAG 2.2, "relative luminance".
fn luminance(code: &str) -> f64 {
    let channel = |start: usize| {
        let value = f64::from(u8::from_str_radix(&code[start..start + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

/// WCAG 2.2, "contrast ratio".
fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
