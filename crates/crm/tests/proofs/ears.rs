//! Somebody who listens to live events, in process: the stream's body, event by event.

use axum::body::Body;
use axum::http::Request;
use crm::outbox::Reader;
use http_body_util::BodyExt;
use serde_json::Value;
use testkit::Site;

use crate::company::{Company, Person};

/// An open stream.
pub struct Ears {
    body: Body,
    text: String,
    /// The id of the event heard last.
    pub last_id: Option<String>,
    reader: Reader,
}

impl Ears {
    pub async fn open(company: &Company, person: &Person, last_event: Option<&str>) -> Ears {
        let mut request = Request::get("/api/v1/events").header("cookie", person.cookie());
        if let Some(id) = last_event {
            request = request.header("last-event-id", id);
        }
        let response = company.site.response(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(response.status().as_u16(), 200);
        Ears { body: response.into_body(), text: String::new(), last_id: None, reader: Reader::default() }
    }

    /// Lets the server look for events, as its round does.
    pub async fn look(&mut self, site: &Site) {
        self.reader.look(&site.app).await.expect("the database answers");
    }

    /// The next event with its data, as soon as it comes; nothing where the stream has ended.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(event) = self.read(&block) {
                    return Some(event);
                }
                continue;
            }
            let frame = self.body.frame().await?.ok()?;
            if let Ok(bytes) = frame.into_data() {
                self.text.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    /// Comments, which keep the stream alive, are none.
    fn read(&mut self, block: &str) -> Option<(String, Value)> {
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.map(|value| value.trim().to_owned())
        };
        let data = serde_json::from_str(&field("data")?).expect("JSON");
        self.last_id = field("id").or(self.last_id.take());
        Some((field("event")?, data))
    }
}
