//! NAMES AND SHAPES → the header of a safetensors file; the data follows in the same order.

/// One tensor of the file.
pub struct Entry<'a> {
    pub name: &'a str,
    pub shape: &'a [usize],
}

/// Length, JSON and padding to a multiple of eight, for tensors in f16. Names must not need JSON escapes.
pub fn f16_header(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut json = String::from(r#"{"__metadata__": {"format": "pt"}"#);
    let mut start = 0;
    for Entry { name, shape } in entries {
        let end = start + 2 * shape.iter().product::<usize>();
        json += &format!(r#", "{name}": {{"dtype": "F16", "shape": {shape:?}, "data_offsets": [{start}, {end}]}}"#);
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
        let header = f16_header(&[Entry { name: "a.weight", shape: &[2, 3] }, Entry { name: "a.bias", shape: &[2] }]);
        let length = u64::from_le_bytes(header[..8].try_into().unwrap()) as usize;
        assert_eq!(header.len(), 8 + length);
        assert_eq!(length % 8, 0);
        let json: serde_json::Value = serde_json::from_slice(&header[8..]).unwrap();
        assert_eq!(json["a.weight"]["data_offsets"], serde_json::json!([0, 12]));
        assert_eq!(json["a.bias"]["data_offsets"], serde_json::json!([12, 16]));
        assert_eq!(json["a.bias"]["dtype"], "F16");
    }
}
