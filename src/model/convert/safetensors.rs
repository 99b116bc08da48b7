//! NAMES AND SHAPES → the header of a safetensors file; the data follows in the same order.

/// One tensor of the file.
pub struct Entry {
    pub name: String,
    pub shape: Vec<usize>,
    pub kind: Kind,
}

/// How its elements are stored.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    F16,
    #[cfg_attr(not(feature = "models"), allow(dead_code))]
    F32,
}

/// Length, JSON and padding to a multiple of eight. Names must not need JSON escapes.
pub fn header(entries: &[Entry]) -> Vec<u8> {
    let mut json = String::from(r#"{"__metadata__": {"format": "pt"}"#);
    let mut start = 0;
    for Entry { name, shape, kind } in entries {
        let width = match kind {
            Kind::F16 => 2,
            Kind::F32 => 4,
        };
        let end = start + width * shape.iter().product::<usize>();
        json += &format!(r#", "{name}": {{"dtype": "{kind:?}", "shape": {shape:?}, "data_offsets": [{start}, {end}]}}"#);
        start = end;
    }
    json.push('}');
    while json.len() % 8 != 0 {
        json.push(' ');
    }
    [&(json.len() as u64).to_le_bytes(), json.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_one_another() {
        let entry = |name: &str, shape: &[usize], kind| Entry { name: name.into(), shape: shape.into(), kind };
        let header = header(&[entry("a.weight", &[2, 3], Kind::F16), entry("a.bias", &[2], Kind::F32)]);
        let length = u64::from_le_bytes(header[..8].try_into().unwrap()) as usize;
        assert_eq!(header.len(), 8 + length);
        assert_eq!(length % 8, 0);
        let json: serde_json::Value = serde_json::from_slice(&header[8..]).unwrap();
        assert_eq!(json["a.weight"]["data_offsets"], serde_json::json!([0, 12]));
        assert_eq!(json["a.bias"]["data_offsets"], serde_json::json!([12, 20]));
        assert_eq!(json["a.bias"]["dtype"], "F32");
    }
}
