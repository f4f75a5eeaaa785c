//! The binary as it is shipped, built beside the tests that start it.

fn main() -> std::process::ExitCode {
    zhibu::cli::main()
}
