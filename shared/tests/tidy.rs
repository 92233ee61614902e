//! House rules that neither the compiler nor clippy checks: openings, lengths, and who may know about what.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but does not see that helpers of tests are tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const LINES_OF_CODE: usize = 300;
/// Tests are lists of cases: long ones are read one by one.
const LINES_OF_TESTS: usize = 700;
const LINES_OF_A_BINARY: usize = 40;

/// What the shared crate must stay free of: it does no I/O and is sent to the browser.
const NOT_IN_SHARED: [&str; 7] = [
    "tokio",
    "reqwest",
    "axum",
    "polars",
    "datafusion",
    "xgb",
    "aws-config",
];

/// The cloud twins: the only files that may name an AWS SDK. A file or folder within `backend/src`.
const CLOUD_TWINS: [&str; 7] = [
    "lake/s3/",
    "catalogue/glue/",
    "query/athena/",
    "trigger/aws.rs",
    "secrets/aws.rs",
    "backend/cloud.rs",
    "publish/site_bucket.rs",
];

/// The only files that may read the environment.
const READS_ENVIRONMENT: [&str; 2] = ["backend/src/config/mod.rs", "backend/build.rs"];

/// A Rust file of ours: path from the repository's root, and text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    fn is_binary(&self) -> bool {
        self.path.contains("/src/bin/") || self.path.ends_with("/src/main.rs")
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All Rust files of the three crates, sorted by path.
fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    for name in ["shared", "backend", "frontend"] {
        collect(&root.join(name), &root, &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 30, "looked in the wrong folder");
    found
}

fn collect(folder: &Path, root: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !["target", "node_modules", "dist"].contains(&name.as_ref()) {
                collect(&path, root, found);
            }
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root).unwrap();
            let path = path.to_string_lossy().into_owned();
            found.push(Source { path, text });
        }
    }
}

/// Lines of a file less its inline `mod tests`.
fn lines_without_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let opening = lines
        .windows(2)
        .position(|pair| pair[0] == "#[cfg(test)]" && pair[1] == "mod tests {");
    let Some(start) = opening else {
        return lines.len();
    };
    let length = lines[start..].iter().position(|line| *line == "}");
    lines.len() - length.map_or(lines.len() - start, |last| last + 1)
}

/// The code of a line: what stands before a comment.
fn code_of(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// `path:line` of every line of code that `is_bad`.
fn lines_where(source: &Source, is_bad: impl Fn(&str) -> bool) -> Vec<String> {
    let numbered = source.text.lines().enumerate();
    let bad = numbered.filter(|(_, line)| is_bad(code_of(line)));
    bad.map(|(index, _)| format!("{}:{}", source.path, index + 1))
        .collect()
}

fn assert_none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n  {}", faults.join("\n  "));
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent = |source: &Source| !source.text.starts_with("//! ");
    let faults: Vec<String> = sources()
        .into_iter()
        .filter(silent)
        .map(|source| source.path)
        .collect();
    assert_none(&faults, "these files do not open with a `//!` sentence");
}

#[test]
fn files_stay_short() {
    let mut faults = Vec::new();
    for source in sources() {
        let (lines, limit) = if source.is_binary() {
            (source.text.lines().count(), LINES_OF_A_BINARY - 1)
        } else if source.is_test() {
            (source.text.lines().count(), LINES_OF_TESTS)
        } else {
            (lines_without_tests(&source.text), LINES_OF_CODE)
        };
        if lines > limit {
            faults.push(format!("{} has {lines}, at most {limit}", source.path));
        }
    }
    assert_none(&faults, "these files have too many lines");
}

#[test]
fn inline_tests_do_not_count() {
    let text = "//! X.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn b() {\n    }\n}\nfn c() {}\n";
    assert_eq!(lines_without_tests(text), 4);
    assert_eq!(lines_without_tests("a\nb\n"), 2);
}

#[test]
fn the_shared_crate_stays_thin() {
    let text = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let lock: toml::Table = text.parse().unwrap();
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let dependencies = package.get("dependencies").and_then(|list| list.as_array());
        let names = dependencies.into_iter().flatten();
        // `name`, or `name version` where there are several.
        let names = names.filter_map(|entry| entry.as_str()?.split(' ').next());
        let of = uses.entry(package["name"].as_str().unwrap()).or_default();
        of.extend(names);
    }
    let mut reached = BTreeSet::new();
    let mut ahead = vec!["shared"];
    while let Some(name) = ahead.pop() {
        if reached.insert(name) {
            ahead.extend(&uses[name]);
        }
    }
    assert!(reached.contains("serde"), "read the lock file wrongly");
    let faults: Vec<String> = NOT_IN_SHARED
        .iter()
        .filter(|name| reached.contains(*name))
        .map(ToString::to_string)
        .collect();
    assert_none(&faults, "the shared crate must not depend on");
}

#[test]
fn only_cloud_twins_know_aws() {
    let mut faults = Vec::new();
    for source in sources() {
        let is_twin = CLOUD_TWINS.iter().any(|twin| source.path.contains(twin));
        let is_lambda = source.path.contains("/src/bin/");
        if !is_twin && !is_lambda && !source.path.ends_with("tests/tidy.rs") {
            faults.extend(lines_where(&source, |code| {
                code.contains("aws_sdk_") || code.contains("aws_config")
            }));
        }
    }
    assert_none(&faults, "only the cloud twins may name an AWS SDK");
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let mut faults = Vec::new();
    for source in sources() {
        let may = READS_ENVIRONMENT.contains(&source.path.as_str());
        if !may && !source.path.ends_with("tests/tidy.rs") {
            faults.extend(lines_where(&source, |code| {
                code.contains("env::var") || code.contains("env::set_var")
            }));
        }
    }
    assert_none(&faults, "only config.rs may read the environment");
}

#[test]
fn back_end_and_front_end_know_only_the_shared_crate() {
    let manifest = |name: &str| {
        let text = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        text.parse::<toml::Table>().unwrap()
    };
    let names = |name: &str| -> Vec<String> {
        let table = manifest(name);
        let dependencies = table["dependencies"].as_table().unwrap();
        dependencies.keys().cloned().collect()
    };
    assert!(!names("backend").contains(&"frontend".to_owned()));
    assert!(!names("frontend").contains(&"backend".to_owned()));
    let mut shared = names("shared");
    shared.retain(|name| name == "backend" || name == "frontend");
    assert_eq!(shared, Vec::<String>::new());
}
