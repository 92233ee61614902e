//! The program of every page, as `app.html` loads it.

fn main() {
    frontend::start_desk();
}
