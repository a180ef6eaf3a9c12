use super::*;
use crate::exchange::Response;

fn policy() -> PacePolicy {
    PacePolicy {
        first_wait: Duration::from_millis(20),
        most_wait: Duration::from_secs(5),
        ..PacePolicy::default()
    }
}

fn get() -> RequestSpec {
    RequestSpec::new(Party::Org, "GET", "http://o.example/keys")
}

fn post() -> RequestSpec {
    RequestSpec::new(Party::Org, "POST", "http://o.example/token")
}

fn answer(request: &RequestSpec, status: u16, fields: &[(&str, &str)]) -> Exchange {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Exchange {
        request: request.clone(),
        response: Response::new(status, fields.collect(), b"{}"),
        elapsed: Duration::ZERO,
    }
}

fn trouble(kind: TroubleKind) -> Result<Exchange, Trouble> {
    Err(Trouble {
        kind,
        origin: "http://o.example".to_owned(),
        detail: None,
    })
}

/// The turn of a request that counts.
async fn turn(pacer: &Pacer, request: &RequestSpec) -> Result<Turn, Trouble> {
    pacer.turn(request, 0, MostRequests::Counts).await
}

async fn next(
    pacer: &Pacer,
    request: &RequestSpec,
    attempt: u32,
    answer: &Result<Exchange, Trouble>,
) -> Next {
    let turn = pacer.turn(request, attempt, MostRequests::Counts);
    let turn = turn.await.unwrap();
    pacer.after(turn, request, answer).await
}

#[tokio::test]
async fn a_refused_request_is_sent_again_when_the_answer_says_and_not_for_ever() {
    let pacer = Pacer::new(policy());
    let post = post();
    let refused = Ok(answer(&post, 429, &[]));
    let started = Instant::now();
    for attempt in 0..5 {
        assert_eq!(next(&pacer, &post, attempt, &refused).await, Next::Again);
    }
    assert_eq!(next(&pacer, &post, 5, &refused).await, Next::Keep);
    // 20, 40, 80, 160 and 320 ms.
    assert!(started.elapsed() >= Duration::from_millis(620));
    let waited = pacer.waited();
    assert_eq!((waited.refused, waited.repeated), (6, 5));
    assert!(waited.time >= Duration::from_millis(600), "{waited:?}");
    assert!(waited.time <= started.elapsed());

    let far = Ok(answer(&post, 429, &[("retry-after", "3600")]));
    assert_eq!(next(&pacer, &post, 0, &far).await, Next::Keep);
    let soon = Ok(answer(&post, 429, &[("retry-after", "0")]));
    assert_eq!(next(&pacer, &post, 0, &soon).await, Next::Again);
}

#[tokio::test]
async fn a_bucket_that_is_nearly_empty_is_waited_for_and_announced_and_others_are_not() {
    let pacer = Pacer::new(policy());
    let (to, mut waits) = tokio::sync::mpsc::unbounded_channel();
    pacer.report_waits_to(to);
    let reset = (Timestamp::now().as_second() + 2).to_string();
    let fields = [
        ("x-rate-limit-limit", "100"),
        ("x-rate-limit-remaining", "5"),
        ("x-rate-limit-reset", reset.as_str()),
    ];
    let post = post();
    let nearly = Ok(answer(&post, 200, &fields));
    assert_eq!(next(&pacer, &post, 0, &nearly).await, Next::Keep);
    let held = Held::default();
    let started = Instant::now();
    drop(turn(&pacer, &get()).await.unwrap());
    assert!(started.elapsed() < Duration::from_millis(500));
    held.during(async { drop(turn(&pacer, &post).await.unwrap()) })
        .await;
    assert!(started.elapsed() >= Duration::from_secs(2));
    let wait = waits.try_recv().unwrap();
    assert_eq!(wait.address.as_deref(), Some("http://o.example/token"));
    assert!(held.total() >= Duration::from_secs(2));
}

#[tokio::test]
async fn what_may_have_been_processed_is_not_repeated() {
    use TroubleKind::{Cut, GivenUp, Refused, Timeout};
    let pacer = Pacer::new(PacePolicy {
        retries: 1,
        ..policy()
    });
    let (get, post) = (get(), post());
    let mut browser = get.clone();
    browser.by_browser = true;
    for (request, outcome, expected) in [
        (&post, trouble(Refused), Next::Again),
        (&post, trouble(Cut), Next::Keep),
        (&post, trouble(Timeout), Next::Keep),
        (&post, Ok(answer(&post, 503, &[])), Next::Keep),
        (&browser, trouble(Cut), Next::Keep),
        (&get, trouble(Cut), Next::Again),
        (&get, trouble(Timeout), Next::Again),
        (&get, Ok(answer(&get, 503, &[])), Next::Again),
        (&get, Ok(answer(&get, 500, &[])), Next::Keep),
        (&get, trouble(GivenUp), Next::Keep),
    ] {
        assert_eq!(
            next(&pacer, request, 0, &outcome).await,
            expected,
            "{request:?} {outcome:?}"
        );
        assert_eq!(next(&pacer, request, 1, &outcome).await, Next::Keep);
    }
}

#[tokio::test]
async fn a_run_has_so_many_requests_and_those_to_test_control_do_not_count() {
    let pacer = Pacer::new(PacePolicy {
        most_requests: Some(2),
        ..policy()
    });
    let control = RequestSpec::new(Party::Control, "GET", "http://o.example/_mock/clock");
    for _ in 0..3 {
        assert!(turn(&pacer, &control).await.is_ok());
    }
    for _ in 0..2 {
        assert!(turn(&pacer, &get()).await.is_ok());
    }
    let trouble = turn(&pacer, &get()).await.err().unwrap();
    assert!(trouble.is_own_limit(), "{trouble}");
    assert_eq!(
        trouble.to_string(),
        "the request was not sent: the run has used up its requests (2, as `--max-requests` says)"
    );
    // What cleans up after the run is sent all the same.
    let cleanup = pacer.turn(&post(), 0, MostRequests::Exempts).await;
    assert!(cleanup.is_ok());
}

/// A wait before a request is sent again is nobody's slowness either.
#[tokio::test]
async fn a_wait_before_a_repetition_is_announced_and_counts_as_held_back() {
    let pacer = Pacer::new(PacePolicy {
        retries: 1,
        ..policy()
    });
    let (to, mut waits) = tokio::sync::mpsc::unbounded_channel();
    pacer.report_waits_to(to);
    let get = get();
    let down = Ok(answer(&get, 503, &[("retry-after", "2")]));
    let held = Held::default();
    let again = held.during(next(&pacer, &get, 0, &down)).await;
    assert_eq!(again, Next::Again);
    let wait = waits.try_recv().unwrap();
    assert_eq!(wait.address.as_deref(), Some("http://o.example/keys"));
    assert_eq!(wait.time, Duration::from_secs(2));
    for held in [held.total(), pacer.waited().time] {
        assert!(held >= Duration::from_millis(1900), "{held:?}");
    }
}
