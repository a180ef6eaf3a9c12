//! A mock Okta org.
