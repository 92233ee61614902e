//! The program of the first view, as `index.html` loads it.

fn main() {
    frontend::start_home();
}
