//! Circles on the sphere, and how they were asked for.

use std::ops::Deref;
use std::sync::Arc;

use crate::value::Point;

/// A circle on the sphere: inside is whoever's squared chord to the centre is at most `chord2`
/// (10⁻¹⁸ of the squared earth radius, R = 6371.0088 km).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Circle {
    pub center: Point,
    pub chord2: i64,
}

impl Circle {
    /// The mean radius of the earth by the IUGG, in kilometres.
    pub const EARTH_RADIUS_KM: f64 = 6371.0088;

    /// Points lie on a grid of about 6 mm, so a circle is drawn 1 cm wider: its end is included.
    const GRID_KM: f64 = 0.000_01;

    /// Draws a circle of that radius in metres around a point.
    pub fn around(center: Point, metres: u32) -> Circle {
        let km = f64::from(metres) / 1000.0 + Circle::GRID_KM;
        let half_angle = (km / (2.0 * Circle::EARTH_RADIUS_KM)).min(std::f64::consts::FRAC_PI_2);
        let chord = 2.0 * half_angle.sin();
        #[expect(clippy::cast_possible_truncation, reason = "a squared chord is at most 4, so 4e18 fits")]
        let chord2 = (chord * chord * 1e18) as i64;
        Circle { center, chord2 }
    }

    /// Tells whether the point lies inside or on the circle.
    pub fn contains(self, point: Point) -> bool {
        let (x, y, z) = (point.x - self.center.x, point.y - self.center.y, point.z - self.center.z);
        x * x + y * y + z * z <= self.chord2
    }
}

impl Point {
    /// Puts a place in degrees onto the unit sphere.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Point {
        let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
        #[expect(clippy::cast_possible_truncation, reason = "coordinates are at most 1, so 1e9 fits")]
        let grid = |coordinate: f64| (coordinate * 1e9).round() as i64;
        Point {
            x: grid(latitude.cos() * longitude.cos()),
            y: grid(latitude.cos() * longitude.sin()),
            z: grid(latitude.sin()),
        }
    }
}

/// The middle of a circle as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Middle {
    Postcode {
        country: Box<str>,
        postcode: Box<str>,
    },
    /// Degrees in 10⁻⁷, about a centimetre.
    Degrees {
        latitude_e7: i32,
        longitude_e7: i32,
    },
}

/// A circle as it was written: `{"country": "DE", "postcode": "80331", "km": 50}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Around {
    pub middle: Middle,
    pub metres: u32,
}

/// The circles of one criterion. Reads as a slice of [`Circle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circles {
    circles: Arc<[Circle]>,
    written: Arc<[Around]>,
}

impl Circles {
    /// Joins each circle with how it was written, sorted by that and each once.
    pub fn new(mut circles: Vec<(Around, Circle)>) -> Circles {
        circles.sort_by(|a, b| a.0.cmp(&b.0));
        circles.dedup_by(|a, b| a.0 == b.0);
        let (written, circles): (Vec<_>, Vec<_>) = circles.into_iter().unzip();
        Circles { circles: circles.into(), written: written.into() }
    }

    /// The circles as they were written, in the order of the slice.
    pub fn written(&self) -> &[Around] {
        &self.written
    }
}

impl Deref for Circles {
    type Target = [Circle];

    fn deref(&self) -> &[Circle] {
        &self.circles
    }
}
