//! Odd input: every answer is one that the contract names, never a failure of ours.

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testkit::{Answer, Site};

use crate::company::{Company, encoded, text};

testkit::on_both_databases!(
    odd_texts_and_numbers_are_kept_or_refused,
    a_forged_cursor_is_refused,
    a_retry_finds_its_answer_even_where_the_lead_would_be_refused_today,
);

const ODD: [&str; 9] = [
    "a\u{0}b",
    "\u{0}",
    "\u{202e}rückwärts",
    "'; DROP TABLE lead; --",
    "%_!\\",
    "$1 ? ?? :x",
    "\u{1f600}\u{fffd}\u{feff}",
    "{\"a\": \"\\u0000\"}",
    "\u{1}\u{7f}\u{9f}",
];

#[track_caller]
fn is_no_failure(answer: &Answer, input: &Value) {
    assert!(answer.status.as_u16() < 500, "{input}: {answer}");
    if !answer.status.is_success() {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{input}: {answer}");
    }
}

async fn odd_texts_and_numbers_are_kept_or_refused(site: Site) {
    let company = Company::new(&site).await;
    let boss = &company.boss;
    let place = company.territory(json!({ "name": "Welt", "default": true })).await;
    let lead = company.lead(boss, json!({ "company": "Gewöhnlich" })).await;
    let id = text(&lead["id"]);
    let texts = [
        "company", "notes", "emails", "phones", "website", "postcode", "country", "state", "industry", "city",
    ];
    for odd in ODD {
        for field in texts {
            for value in [json!(odd), json!([odd])] {
                let body = json!({ "last_name": "X", field: value });
                is_no_failure(&company.post(boss, "/api/v1/leads", body.clone()).await, &body);
                let patch = json!({ field: value });
                is_no_failure(&company.patch_lead(boss, &id, patch.clone()).await, &patch);
            }
            let many: Vec<String> = (0..20).map(|number| format!("{odd}{number}")).collect();
            for op in
                ["is_any_of", "starts_with_any_of", "contains_any_of", "matches_any_of", "ends_with_any_of"]
            {
                for values in [vec![odd.to_owned()], many.clone()] {
                    let filter = json!({ "field": field, "op": op, "values": values });
                    let path = format!("/api/v1/leads?filter={}", encoded(&filter.to_string()));
                    is_no_failure(&company.get(boss, &path).await, &filter);
                }
            }
        }
        for (path, body) in [
            ("/api/v1/territories".to_owned(), json!({ "name": odd })),
            (format!("/api/v1/territories/{place}/rules"), json!({ "name": odd, "when": { "all": [] } })),
            ("/api/v1/users".to_owned(), json!({ "name": odd, "email": "x@example.com", "role": "seller" })),
            ("/api/v1/users".to_owned(), json!({ "name": "X", "email": odd, "role": odd })),
            ("/api/v1/session".to_owned(), json!({ "email": odd, "password": odd })),
        ] {
            is_no_failure(&company.post(boss, &path, body.clone()).await, &body);
        }
        for query in ["sort", "filter", "cursor", "limit"] {
            let path = format!("/api/v1/leads?{query}={}", encoded(odd));
            is_no_failure(&company.get(boss, &path).await, &json!({ query: odd }));
        }
        is_no_failure(&company.get(boss, &format!("/api/v1/leads/{}", encoded(odd))).await, &json!(odd));
    }
    let numbers =
        [json!(-1), json!(1e300), json!(i64::MAX), json!(u64::MAX), json!(1.5), json!("9".repeat(400))];
    for number in numbers {
        let amount = json!({ "amount": number, "currency": "EUR" });
        for body in [
            json!({ "company": "A", "employees": number }),
            json!({ "company": "A", "annual_revenue": amount }),
            json!({ "company": "A", "annual_revenue": number }),
        ] {
            is_no_failure(&company.post(boss, "/api/v1/leads", body.clone()).await, &body);
        }
        for field in ["employees", "annual_revenue", "created_at"] {
            let filter = json!({ "field": field, "op": "lte", "values": [number] });
            let path = format!("/api/v1/leads?filter={}", encoded(&filter.to_string()));
            is_no_failure(&company.get(boss, &path).await, &filter);
        }
        for field in ["created_at", "assigned_at"] {
            let filter = json!({ "field": field, "op": "in_last_days", "values": [number] });
            let path = format!("/api/v1/leads?filter={}", encoded(&filter.to_string()));
            is_no_failure(&company.get(boss, &path).await, &filter);
        }
    }
}

async fn a_forged_cursor_is_refused(site: Site) {
    let company = Company::new(&site).await;
    for number in 0..3 {
        company.lead(&company.boss, json!({ "company": format!("A{number}"), "employees": number })).await;
    }
    for sort in ["company", "employees", "created_at", "-annual_revenue"] {
        let page =
            company.get(&company.boss, &format!("/api/v1/leads?sort={sort}&limit=1")).await.is(200).json();
        let bytes = URL_SAFE_NO_PAD.decode(text(&page["next_cursor"])).expect("base64");
        for value in [
            json!("x"),
            json!(7),
            json!(1.5),
            json!(true),
            json!([1]),
            json!({}),
            json!(u64::MAX),
            json!("\u{0}"),
        ] {
            let mut cursor: Value = serde_json::from_slice(&bytes).expect("JSON");
            cursor["values"][0] = value;
            let path =
                format!("/api/v1/leads?sort={sort}&cursor={}", URL_SAFE_NO_PAD.encode(cursor.to_string()));
            is_no_failure(&company.get(&company.boss, &path).await, &cursor);
        }
    }
}

async fn a_retry_finds_its_answer_even_where_the_lead_would_be_refused_today(site: Site) {
    let company = Company::new(&site).await;
    let anna = company.person("anna", access::BuiltInRole::Seller).await;
    let ask = async || {
        let headers = [("idempotency-key", "k")];
        let body = json!({ "company": "A", "owner": anna.id });
        company.ask(&company.boss, Method::POST, "/api/v1/leads", &headers, Some(body)).await
    };
    let first = ask().await.is(201);
    let path = format!("/api/v1/users/{}", anna.id);
    let tag = company.get(&company.boss, &path).await.is(200).header("etag").to_owned();
    let gone = Some(json!({ "is_active": false, "records": "queue" }));
    company.ask(&company.boss, Method::PATCH, &path, &[("if-match", tag.as_str())], gone).await.is(200);
    assert_eq!(ask().await.is(201).text, first.text);
    let headers = [("idempotency-key", "another")];
    let body = json!({ "company": "A", "owner": anna.id });
    company.ask(&company.boss, Method::POST, "/api/v1/leads", &headers, Some(body)).await.is(422);
}
