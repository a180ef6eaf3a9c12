fn main() {
    let dir = std::env::args().nth(1).unwrap();
    match harness::scenario::from_dir(dir.as_ref()) {
        Ok(all) => {
            println!(
                "{} scenarios, {} cases",
                all.len(),
                all.iter().map(|s| s.cases.len()).sum::<usize>()
            );
            if let Some(id) = std::env::args().nth(2) {
                for s in all.iter().filter(|s| s.id == id) {
                    println!(
                        "{}",
                        harness::scenario::show(s, harness::requirement::Catalogue::embedded())
                    );
                    println!("{s:#?}");
                }
            }
        }
        Err(failures) => failures.iter().for_each(|p| println!("{p}\n")),
    }
}
