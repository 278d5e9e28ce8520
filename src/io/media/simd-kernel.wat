;; The inner loops of the FIR resampler in WebAssembly's SIMD instructions: four samples at a time, in single precision.
;; All addresses, distances and ends are in bytes. `npm run simd-kernel` compiles this into simd-kernel-wasm.ts.
(module
  ;; 512 KiB; simd-kernel.ts says what lies where. It never grows, so that views of it stay good.
  (memory (export "memory") 8 8)

  ;; Turns the 16-bit samples from $from on into floats from $to to $end, eight at a time: up to seven too many.
  (func (export "widen") (param $from i32) (param $to i32) (param $end i32)
    (local $eight v128)
    (loop $samples
      (local.set $eight (v128.load (local.get $from)))
      (v128.store (local.get $to) (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $eight))))
      (v128.store offset=16 (local.get $to) (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $eight))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 32)))
      (br_if $samples (i32.lt_u (local.get $to) (local.get $end)))))

  ;; Weighs the floats from $from on, and again $down further for each next output; writes 16-bit samples from $to on,
  ;; $up apart, four at a time: up to three behind $end. The weights are a multiple of eight.
  ;; Four outputs share the loading of each weight; what each adds up does not depend on which four they are.
  (func (export "filterPhase")
    (param $weights i32) (param $weightsEnd i32) (param $from i32) (param $down i32)
    (param $to i32) (param $up i32) (param $end i32)
    (local $weight i32) (local $atA i32) (local $atB i32) (local $atC i32) (local $atD i32)
    (local $four v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $outputs
      (local.set $weight (local.get $weights))
      (local.set $atA (local.get $from))
      (local.set $atB (i32.add (local.get $atA) (local.get $down)))
      (local.set $atC (i32.add (local.get $atB) (local.get $down)))
      (local.set $atD (i32.add (local.get $atC) (local.get $down)))
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (loop $taps
        (local.set $four (v128.load (local.get $weight)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $four) (v128.load (local.get $atA)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $four) (v128.load (local.get $atB)))))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $four) (v128.load (local.get $atC)))))
        (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $four) (v128.load (local.get $atD)))))
        (local.set $four (v128.load offset=16 (local.get $weight)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $four) (v128.load offset=16 (local.get $atA)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $four) (v128.load offset=16 (local.get $atB)))))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $four) (v128.load offset=16 (local.get $atC)))))
        (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $four) (v128.load offset=16 (local.get $atD)))))
        (local.set $atA (i32.add (local.get $atA) (i32.const 32)))
        (local.set $atB (i32.add (local.get $atB) (i32.const 32)))
        (local.set $atC (i32.add (local.get $atC) (i32.const 32)))
        (local.set $atD (i32.add (local.get $atD) (i32.const 32)))
        (local.set $weight (i32.add (local.get $weight) (i32.const 32)))
        (br_if $taps (i32.lt_u (local.get $weight) (local.get $weightsEnd))))
      ;; Each of the four holds four parts of its sum. Turned and added twice they are one vector: a b c d.
      (local.set $a (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
      (local.set $c (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
      (local.set $four (f32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $c))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $c))))
      ;; Both conversions clamp, so that an overload does not wrap around into a loud click.
      (local.set $four (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $four))))
      (local.set $four (i16x8.narrow_i32x4_s (local.get $four) (local.get $four)))
      (v128.store16_lane 0 (local.get $to) (local.get $four))
      (v128.store16_lane 1 (local.tee $to (i32.add (local.get $to) (local.get $up))) (local.get $four))
      (v128.store16_lane 2 (local.tee $to (i32.add (local.get $to) (local.get $up))) (local.get $four))
      (v128.store16_lane 3 (local.tee $to (i32.add (local.get $to) (local.get $up))) (local.get $four))
      (local.set $to (i32.add (local.get $to) (local.get $up)))
      (local.set $from (i32.add (local.get $from) (i32.shl (local.get $down) (i32.const 2))))
      (br_if $outputs (i32.lt_u (local.get $to) (local.get $end))))))
