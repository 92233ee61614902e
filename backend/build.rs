//! Puts libxgboost beside the binaries and tells them to look there first, so that `target/release` can be copied as it is.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=XGBOOST_LIB_DIR");
    // Test binaries lie one folder deeper than the program. RPATH, not RUNPATH: it also holds for what libxgboost itself needs.
    println!("cargo:rustc-link-arg=-Wl,--disable-new-dtags,-rpath,$ORIGIN:$ORIGIN/..");
    // The site is embedded; without one (`cargo test` before `make site`) the server says so.
    fs::create_dir_all("../frontend/dist")?;
    println!("cargo:rerun-if-changed=../frontend/dist");
    if let Some(from) = env::var_os("XGBOOST_LIB_DIR") {
        copy_libraries(Path::new(&from), &profile_folder())?;
    }
    Ok(())
}

/// `target/{profile}`: three folders above `OUT_DIR` (`target/{profile}/build/{crate}/out`).
fn profile_folder() -> PathBuf {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    out.ancestors().nth(3).unwrap_or(&out).to_owned()
}

/// Copies libxgboost under its SONAME, and the OpenMP runtime that comes with it.
fn copy_libraries(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy().into_owned();
        if text == "libxgboost.so.3" || text.starts_with("libgomp") {
            let bytes = fs::read(entry.path())?;
            if fs::read(to.join(&name)).ok().as_ref() != Some(&bytes) {
                // A running program may have the old file mapped: replace the name, not the bytes.
                let fresh = to.join(format!("{text}.new"));
                fs::write(&fresh, bytes)?;
                fs::rename(fresh, to.join(&name))?;
            }
        }
    }
    Ok(())
}
