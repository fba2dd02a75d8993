//! Takes the built pages (`web/dist`) into the binary. Without them the binary builds all the same and
//! says on its only page how they are built.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names OUT_DIR"));
    let built = Path::new("../../web/dist");
    let staged = out.join("pages");
    if staged.exists() {
        fs::remove_dir_all(&staged)?;
    }
    fs::create_dir_all(&staged)?;
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../web/dist");
    if built.is_dir() {
        copy(built, &staged)?;
    }
    // The index is our handler's, with a nonce of its own for every view; memory-serve has the rest.
    let index = staged.join("index.html");
    let kept = out.join("index.html");
    match index.exists() {
        true => fs::rename(index, kept)?,
        false => fs::write(kept, "")?,
    }
    memory_serve::load_directory(staged);
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        // What begins with a dot is for tools, such as Vite's manifest.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
