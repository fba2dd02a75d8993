//! Points on earth and distances that come out alike everywhere.

/// The mean radius of the earth, as the rules have it.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Coordinates and chords are counted in 10⁻⁹ of the earth's radius.
const UNIT: f64 = 1e9;

/// A point on the unit sphere, each coordinate in 10⁻⁹: chords are exact in `i64`,
/// so memory, SQLite and PostgreSQL agree on every distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    pub x: i64,
    pub y: i64,
    pub z: i64,
}

impl Point {
    /// Makes a point of degrees north and east; `None` outside of ±90 and ±180.
    pub fn from_lat_lon(lat: f64, lon: f64) -> Option<Point> {
        // Written so that NaN is outside.
        (lat.abs() <= 90.0 && lon.abs() <= 180.0).then(|| Point::from_degrees(lat, lon))
    }

    /// Makes a point of degrees that are known to be on earth.
    ///
    /// The coordinates are rounded to 10⁻⁹ of the radius, which moves a point by at most 6 mm. Sine and
    /// cosine come from the crate `libm`, not from the system, so that every server rounds alike.
    pub fn from_degrees(lat: f64, lon: f64) -> Point {
        let (phi, lambda) = (lat.to_radians(), lon.to_radians());
        let whole = |part: f64| libm::round(part * UNIT) as i64;
        Point {
            x: whole(libm::cos(phi) * libm::cos(lambda)),
            y: whole(libm::cos(phi) * libm::sin(lambda)),
            z: whole(libm::sin(phi)),
        }
    }

    /// Returns degrees north and east, rounded to a ten-millionth of a degree (about 1 cm).
    pub fn lat_lon(self) -> (f64, f64) {
        let (x, y, z) = (self.x as f64, self.y as f64, self.z as f64);
        let degrees = |angle: f64| libm::round(angle.to_degrees() * 1e7) / 1e7;
        (degrees(libm::atan2(z, libm::sqrt(x * x + y * y))), degrees(libm::atan2(y, x)))
    }

    /// Returns the squared chord to another point, in 10⁻¹⁸ of the squared radius: at most about 4·10¹⁸.
    pub fn chord2(self, other: Point) -> i64 {
        let square = |a: i64, b: i64| (a - b) * (a - b);
        square(self.x, other.x) + square(self.y, other.y) + square(self.z, other.z)
    }

    /// Returns the great-circle distance; compare by [`Point::chord2`] instead, this is for showing.
    pub fn km_to(self, other: Point) -> f64 {
        let half_chord = libm::sqrt(self.chord2(other) as f64) / UNIT / 2.0;
        2.0 * EARTH_RADIUS_KM * libm::asin(half_chord.min(1.0))
    }
}

/// Returns the largest squared chord that lies within `km` along the sphere, the end included.
///
/// A chord grows with its arc, so comparing squared chords compares great-circle (haversine) distances.
/// Rounded coordinates move the border by at most about 1 cm; the radius itself is lengthened by 1.2 cm, so
/// that a point that lies exactly on the circle is inside, however its coordinates were rounded. Half the
/// earth's circumference or more takes in every point; a negative distance none.
pub fn chord2_of_km(km: f64) -> i64 {
    if km.is_nan() || km < 0.0 {
        return -1;
    }
    if km == 0.0 {
        return 0;
    }
    let half_angle = (km + 1.2e-5) / EARTH_RADIUS_KM / 2.0;
    if half_angle >= std::f64::consts::FRAC_PI_2 {
        return i64::MAX;
    }
    let chord = 2.0 * libm::sin(half_angle) * UNIT;
    libm::floor(chord * chord) as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn haversine_km(a: (f64, f64), b: (f64, f64)) -> f64 {
        let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
        let h = half(a.0, b.0) + a.0.to_radians().cos() * b.0.to_radians().cos() * half(a.1, b.1);
        2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
    }

    #[test]
    fn munich_and_berlin_lie_half_a_thousand_kilometres_apart() {
        let munich = Point::from_lat_lon(48.1345, 11.571).expect("on earth");
        let berlin = Point::from_lat_lon(52.5323, 13.3846).expect("on earth");
        assert!((munich.km_to(berlin) - 505.5).abs() < 1.0, "{}", munich.km_to(berlin));
        assert!(munich.chord2(berlin) <= chord2_of_km(munich.km_to(berlin)));
        assert!(munich.chord2(berlin) > chord2_of_km(munich.km_to(berlin) - 0.001));
    }

    #[test]
    fn the_edges_of_the_earth_are_points_and_beyond_them_is_nothing() {
        for (lat, lon) in [(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0), (0.0, 180.0)] {
            assert!(Point::from_lat_lon(lat, lon).is_some(), "{lat} {lon}");
        }
        for (lat, lon) in [(90.0001, 0.0), (0.0, 180.0001), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(Point::from_lat_lon(lat, lon).is_none(), "{lat} {lon}");
        }
    }

    #[test]
    fn a_radius_has_edges() {
        assert_eq!(chord2_of_km(-0.1), -1);
        assert_eq!(chord2_of_km(f64::NAN), -1);
        assert_eq!(chord2_of_km(0.0), 0);
        assert_eq!(chord2_of_km(20_016.0), i64::MAX);
        let (pole, antipode) =
            (Point::from_lat_lon(90.0, 0.0).unwrap(), Point::from_lat_lon(-90.0, 0.0).unwrap());
        assert!(pole.chord2(antipode) > chord2_of_km(20_015.0));
    }

    proptest! {
        #[test]
        fn chords_and_the_haversine_formula_agree(
            lat in -90.0..90.0f64, lon in -180.0..180.0f64, dlat in -3.0..3.0f64, dlon in -3.0..3.0f64,
        ) {
            let to = ((lat + dlat).clamp(-90.0, 90.0), (lon + dlon).clamp(-180.0, 180.0));
            let km = haversine_km((lat, lon), to);
            let (a, b) = (Point::from_lat_lon(lat, lon).unwrap(), Point::from_lat_lon(to.0, to.1).unwrap());
            prop_assert!(a.chord2(b) <= chord2_of_km(km));
            prop_assert!(km < 0.001 || a.chord2(b) > chord2_of_km(km - 0.0001));
        }

        #[test]
        fn degrees_come_back(lat in -89.9..89.9f64, lon in -179.9..179.9f64) {
            let point = Point::from_lat_lon(lat, lon).unwrap();
            let (lat_back, lon_back) = point.lat_lon();
            prop_assert!((lat - lat_back).abs() < 1e-6 && (lon - lon_back).abs() * lat.to_radians().cos() < 1e-6);
            let again = Point::from_lat_lon(lat_back, lon_back).unwrap();
            prop_assert!(point.chord2(again) <= 64 * 4);
        }
    }
}
