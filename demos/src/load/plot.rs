//! A run's latencies as a picture: a percentile curve, in SVG.

use std::fmt::Write;
use std::time::Duration;

use crate::load::measured::Measured;
use crate::load::plan::Plan;
use crate::load::table::{PERCENTILES, grouped, span};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 500.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 810.0;
const TOP: f64 = 80.0;
const BOTTOM: f64 = 430.0;
/// Points of the curve.
const STEPS: u32 = 400;
/// The least and the most nines on the horizontal axis: to 99 %, and to 99.9999 %.
const NINES: std::ops::RangeInclusive<f64> = 2.0..=6.0;

/// The picture: latency upwards, the share of replies that took no longer to the right. Both axes are logarithmic: each decade of
/// latency, and each nine of the share, has the same room.
#[must_use]
pub fn svg(plan: &Plan, measured: &Measured) -> String {
    let axes = Axes::of(measured);
    let mut svg = String::new();
    open(&mut svg, plan, measured);
    axes.draw(&mut svg);
    if measured.replies() > 0 {
        curve(&mut svg, &axes, measured);
    } else {
        let (x, y) = ((LEFT + RIGHT) / 2.0, (TOP + BOTTOM) / 2.0);
        text(&mut svg, x, y, "middle", "", "no replies were measured");
    }
    svg += "</svg>\n";
    svg
}

/// Where a latency and a share are on the picture.
#[derive(Debug)]
struct Axes {
    /// The ends of the vertical axis, in nanoseconds.
    low_ns: f64,
    high_ns: f64,
    /// The right end of the horizontal axis: 3 for 99.9 %.
    nines: f64,
}

impl Axes {
    /// Axes that end at round latencies around all that was measured.
    fn of(measured: &Measured) -> Self {
        let nanos = |latency: Option<Duration>, or: f64| {
            latency.map_or(or, |latency| (latency.as_nanos() as f64).max(1.0))
        };
        let (least, most) = (nanos(measured.least(), 1e5), nanos(measured.most(), 1e6));
        let low_ns = round_steps().rfind(|&step| step <= least).unwrap_or(1.0);
        // One value alone has room above itself.
        let beyond = most.max(low_ns * 1.01);
        let high_ns = round_steps().find(|&step| step >= beyond).unwrap_or(beyond);
        let nines = (measured.replies().max(1) as f64).log10();
        Self {
            low_ns,
            high_ns,
            nines: nines.clamp(*NINES.start(), *NINES.end()),
        }
    }

    fn x(&self, share: f64) -> f64 {
        let nines = (-(1.0 - share).log10()).clamp(0.0, self.nines);
        LEFT + (RIGHT - LEFT) * nines / self.nines
    }

    fn y(&self, latency: Duration) -> f64 {
        let nanos = (latency.as_nanos() as f64).clamp(self.low_ns, self.high_ns);
        let share = (nanos / self.low_ns).ln() / (self.high_ns / self.low_ns).ln();
        BOTTOM - (BOTTOM - TOP) * share
    }

    fn draw(&self, svg: &mut String) {
        let decades = (self.high_ns / self.low_ns).log10();
        for step in round_steps().filter(|step| (self.low_ns..=self.high_ns).contains(step)) {
            let latency = Duration::from_nanos(step as u64);
            let y = self.y(latency);
            // Where there are many decades, only their beginnings are named.
            let is_decade = (step.log10() - step.log10().round()).abs() < 1e-9;
            line(
                svg,
                (LEFT, y),
                (RIGHT, y),
                if is_decade { "#ccc" } else { "#eee" },
            );
            if is_decade || decades <= 4.0 {
                text(svg, LEFT - 8.0, y + 4.0, "end", "", &round(latency));
            }
        }
        let mut shares = vec![("0 %".to_string(), 0.0), ("50 %".to_string(), 0.5)];
        for nines in 1..=self.nines as u32 {
            let share = 1.0 - 0.1_f64.powi(nines as i32);
            let places = nines.saturating_sub(2) as usize;
            shares.push((format!("{:.places$} %", share * 100.0), share));
        }
        for (name, share) in shares {
            let x = self.x(share);
            line(svg, (x, TOP), (x, BOTTOM), "#eee");
            text(svg, x, BOTTOM + 18.0, "middle", "", &name);
        }
        line(svg, (LEFT, BOTTOM), (RIGHT, BOTTOM), "#333");
        line(svg, (LEFT, TOP), (LEFT, BOTTOM), "#333");
        let middle = (TOP + BOTTOM) / 2.0;
        let turned = format!(" transform=\"rotate(-90 22 {middle:.0})\"");
        text(svg, 22.0, middle, "middle", &turned, "latency of a reply");
        let below = "share of replies that took no longer (percentile)";
        text(
            svg,
            (LEFT + RIGHT) / 2.0,
            BOTTOM + 44.0,
            "middle",
            "",
            below,
        );
    }
}

/// 1, 2, 5, 10, 20, 50 nanoseconds and so on, to a thousand seconds and beyond.
fn round_steps() -> impl DoubleEndedIterator<Item = f64> {
    (0..14).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(power)))
}

/// A latency of the axis: without places that are all zero.
fn round(latency: Duration) -> String {
    let text = span(latency);
    match text.split_once(' ') {
        Some((value, unit)) if value.contains('.') => {
            let value = value.trim_end_matches('0').trim_end_matches('.');
            format!("{value} {unit}")
        }
        _ => text,
    }
}

fn open(svg: &mut String, plan: &Plan, measured: &Measured) {
    _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">"
    );
    let title = format!("Latency of {plan}");
    _ = writeln!(svg, "<title>{}</title>", escaped(&title));
    _ = writeln!(
        svg,
        "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"
    );
    text(svg, LEFT, 32.0, "start", " font-size=\"17\"", &title);
    let below = format!(
        "{}: {} replies in {:.1} s, {} in a second; mean {}",
        plan.server,
        grouped(measured.replies()),
        measured.span().as_secs_f64(),
        grouped(measured.rate().round() as u64),
        measured.mean().map_or_else(|| "unknown".into(), span)
    );
    text(svg, LEFT, 54.0, "start", " fill=\"#777\"", &below);
}

fn curve(svg: &mut String, axes: &Axes, measured: &Measured) {
    let mut points = String::new();
    for step in 0..=STEPS {
        let share = 1.0 - 10_f64.powf(-axes.nines * f64::from(step) / f64::from(STEPS));
        if let Some(latency) = measured.quantile(share) {
            _ = write!(points, "{:.1},{:.1} ", axes.x(share), axes.y(latency));
        }
    }
    if let Some(most) = measured.most() {
        _ = write!(points, "{:.1},{:.1}", axes.x(1.0), axes.y(most));
    }
    _ = writeln!(
        svg,
        "<polyline points=\"{points}\" fill=\"none\" stroke=\"#1769aa\" stroke-width=\"2\" stroke-linejoin=\"round\"/>"
    );
    let marks = PERCENTILES.map(|(name, share)| (name, share, measured.quantile(share)));
    for (name, share, latency) in marks.into_iter().chain([("max", 1.0, measured.most())]) {
        let Some(latency) = latency else { continue };
        let (x, y) = (axes.x(share), axes.y(latency));
        // The last ones are not drawn on top of each other, nor out of the picture.
        if name != "max" && RIGHT - x < 60.0 {
            continue;
        }
        _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"#1769aa\"/>"
        );
        let label = format!("{name} {}", span(latency));
        // The curve rises: above it to the left there is room, and for the first one below it to the right.
        let (x, y, anchor) = if name == PERCENTILES[0].0 {
            (x + 7.0, (y + 16.0).min(BOTTOM - 5.0), "start")
        } else {
            (x - 6.0, y - 9.0, "end")
        };
        // A white rim first, for where the curve goes on behind it.
        let rim = " stroke=\"#fff\" stroke-width=\"4\" stroke-linejoin=\"round\"";
        text(svg, x, y, anchor, rim, &label);
        text(svg, x, y, anchor, " fill=\"#0d3c61\"", &label);
    }
}

fn line(svg: &mut String, from: (f64, f64), to: (f64, f64), colour: &str) {
    _ = writeln!(
        svg,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{colour}\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, more: &str, words: &str) {
    _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"{more}>{}</text>",
        escaped(words)
    );
}

fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use oneloop::{Address, DataPack};
    use roxmltree::Document;

    use super::*;

    fn plan() -> Plan {
        Plan {
            server: Address::Unix("/tmp/<a>&b".into()),
            codec: DataPack::default(),
            command: 1,
            connections: 50,
            in_flight: 16,
            body_bytes: 64,
            warm_up: Duration::ZERO,
            measured: Duration::from_secs(1),
            deadline: Duration::from_secs(1),
        }
    }

    fn measured(latencies: impl IntoIterator<Item = (u64, u64)>) -> Measured {
        let mut measured = Measured::default();
        for (nanos, replies) in latencies {
            measured.record(Duration::from_nanos(nanos), replies);
        }
        measured.set_span(Duration::from_secs(1));
        measured
    }

    /// The texts of the picture, and the points of its curve. Everything in it must have a place within it.
    #[track_caller]
    fn read(svg: &str) -> (Vec<String>, Vec<(f64, f64)>) {
        let document = Document::parse(svg).expect("it is XML");
        let (mut texts, mut points) = (Vec::new(), Vec::new());
        for node in document.descendants() {
            for name in ["x", "x1", "x2", "cx"] {
                let place: Option<f64> = node.attribute(name).map(|it| it.parse().expect("number"));
                assert!(place.is_none_or(|x| (0.0..=WIDTH).contains(&x)), "{node:?}");
            }
            for name in ["y", "y1", "y2", "cy"] {
                let place: Option<f64> = node.attribute(name).map(|it| it.parse().expect("number"));
                assert!(
                    place.is_none_or(|y| (0.0..=HEIGHT).contains(&y)),
                    "{node:?}"
                );
            }
            if node.tag_name().name() == "text" {
                texts.extend(node.text().map(ToString::to_string));
            }
            for pair in node
                .attribute("points")
                .unwrap_or_default()
                .split_whitespace()
            {
                let (x, y) = pair.split_once(',').expect("a pair");
                points.push((x.parse().expect("a number"), y.parse().expect("a number")));
            }
        }
        (texts, points)
    }

    #[track_caller]
    fn has(texts: &[String], text: &str) {
        assert!(
            texts.iter().any(|it| it.contains(text)),
            "{text:?} in {texts:#?}"
        );
    }

    #[test]
    fn a_curve_rises_from_the_least_to_the_most() {
        let latencies = (0..1_000)
            .map(|step| (20_000 + step * 100, 99))
            .chain([(30_000_000, 1)]);
        let (texts, points) = read(&svg(&plan(), &measured(latencies)));
        for text in [
            "50 connections, 16 in flight on each, 64-byte bodies",
            "unix:/tmp/<a>&b: 99,001 replies in 1.0 s, 99,001 in a second",
            "latency of a reply",
            "share of replies",
            "0 %",
            "50 %",
            "90 %",
            "99.99 %",
            "20 us",
            "50 ms",
            "p50 70.",
            "max 30.0 ms",
        ] {
            has(&texts, text);
        }
        assert!(points.len() > 100);
        assert!(points.is_sorted_by(|one, next| one.0 <= next.0 && one.1 >= next.1));
        for (x, y) in &points {
            assert!(
                (LEFT..=RIGHT).contains(x) && (TOP..=BOTTOM).contains(y),
                "{x}, {y}"
            );
        }
        let (first, last) = (points[0], points[points.len() - 1]);
        assert!(first.0 == LEFT && last.0 == RIGHT);
        assert!((first.1 - BOTTOM).abs() < 1.0 && last.1 < TOP + 40.0);
    }

    #[test]
    fn the_axes_are_to_scale() {
        let axes = Axes::of(&measured([(10_000, 500), (1_000_000, 500)]));
        assert_eq!((axes.low_ns, axes.high_ns, axes.nines), (1e4, 1e6, 3.0));
        let y = |nanos| axes.y(Duration::from_nanos(nanos));
        assert_eq!((y(10_000), y(1_000_000)), (BOTTOM, TOP));
        assert!(
            (y(100_000) - (TOP + BOTTOM) / 2.0).abs() < 0.01,
            "a decade is half"
        );
        assert!(
            (axes.x(0.9) - (LEFT + (RIGHT - LEFT) / 3.0)).abs() < 0.01,
            "a nine is a third"
        );
        assert_eq!((axes.x(0.0), axes.x(1.0)), (LEFT, RIGHT));
    }

    #[test]
    fn without_replies_it_says_so() {
        let (texts, points) = read(&svg(&plan(), &measured([])));
        has(&texts, "no replies were measured");
        has(&texts, "mean unknown");
        assert!(points.is_empty());
    }

    #[test]
    fn one_value_alone_is_a_level_line() {
        for nanos in [0, 1, 100_000, 123_456, 3_600_000_000_000, u64::MAX] {
            let (texts, points) = read(&svg(&plan(), &measured([(nanos, 1)])));
            has(&texts, "max ");
            assert!(points.iter().all(|point| point.1.is_finite()), "{nanos}");
            assert!(points.is_sorted_by(|one, next| one.0 <= next.0 && one.1 == next.1));
        }
    }
}
