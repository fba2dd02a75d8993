//! What a browser fetches before it can show the list of leads for the first time.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use serde_json::Value;

/// Written by Vite beside the pages: which file needs which.
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist/.vite/manifest.json");
const ENTRY: &str = "index.html";
/// The German words are the longer ones.
const LATER: [&str; 2] = ["src/locales/de.po", "src/records/lead/LeadsPage.tsx"];
/// The fonts of Latin-1; the other is fetched only for names that need it.
const FONTS: [&str; 2] = ["src/ui/fonts/instrument-sans.woff2", "src/ui/fonts/bricolage.woff2"];

/// Kilobytes (1,000 bytes) as they come over the wire.
pub struct Size {
    pub all_kb: f64,
    pub script_kb: f64,
}

/// Fetches the document, scripts, styles and fonts of the first page, brotli welcome, and adds up their bodies.
///
/// # Errors
/// Where the pages were not built, or the server has others than those in `web/dist`.
pub async fn measure(client: &Client, url: &str) -> Result<Size> {
    let text = std::fs::read_to_string(Path::new(MANIFEST));
    let text = text.context("the pages are not built: cd web && npm ci && npm run build")?;
    let manifest: Value = serde_json::from_str(&text)?;
    let mut chunks = BTreeSet::new();
    for entry in [ENTRY].iter().chain(&LATER) {
        needed(&manifest, entry, &mut chunks)?;
    }
    let mut files = BTreeSet::new();
    for chunk in &chunks {
        files.extend(manifest[chunk]["file"].as_str());
        files.extend(manifest[chunk]["css"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    for font in FONTS {
        files.insert(manifest[font]["file"].as_str().with_context(|| format!("no {font} in {MANIFEST}"))?);
    }
    let document = size(client, &format!("{url}/leads")).await?;
    let (mut all, mut script) = (document + size(client, &format!("{url}/revier.svg")).await?, 0.0);
    for file in files {
        let bytes = size(client, &format!("{url}/{file}")).await?;
        all += bytes;
        script += if file.ends_with(".js") { bytes } else { 0.0 };
    }
    Ok(Size { all_kb: all / 1_000.0, script_kb: script / 1_000.0 })
}

fn needed(manifest: &Value, chunk: &str, found: &mut BTreeSet<String>) -> Result<()> {
    let entry = manifest.get(chunk).with_context(|| format!("no {chunk} in {MANIFEST}"))?;
    if found.insert(chunk.to_owned()) {
        for import in entry["imports"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            needed(manifest, import, found)?;
        }
    }
    Ok(())
}

async fn size(client: &Client, url: &str) -> Result<f64> {
    let answer = client.get(url).header(ACCEPT_ENCODING, "br, gzip").send().await?;
    ensure!(answer.status() == 200, "{url}: {}; build the pages, then the binary", answer.status());
    let is_script = url.ends_with(".js");
    let is_compressed = answer.headers().contains_key(CONTENT_ENCODING);
    let bytes = answer.bytes().await?.len();
    ensure!(!is_script || is_compressed || bytes < 1_000, "{url} came uncompressed");
    Ok(bytes as f64)
}
