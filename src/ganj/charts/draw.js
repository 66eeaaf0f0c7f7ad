// Runs inside QuickJS, after echarts.min.js: one option in, one SVG out.
var widths = {};
var joinless = 0.55;

function learnWidths(json) {
  widths = JSON.parse(json);
  return true;
}

function measure(text, font) {
  var size = parseFloat((/([\d.]+)px/.exec(font) || [0, 12])[1]);
  var heavy = /(^|\s)(600|700|bold)\s/.test(font) ? 1.04 : 1;
  var em = 0;
  for (var letter of String(text)) {
    var code = letter.codePointAt(0);
    var known = widths[code];
    em += known !== undefined ? known : code >= 0x200b && code <= 0x206f ? 0 : joinless;
  }
  return { width: em * size * heavy };
}

// Axis words come written from Python; this hands them to the axis. g-chart.js does the same in a page.
function giveWords(axis) {
  var label = axis.axisLabel;
  if (!label || !label.words) return;
  label.formatter = function (value) {
    return label.words[Math.round((value - axis.min) / axis.interval)] || "";
  };
}

function draw(json, width, height) {
  var option = JSON.parse(json);
  option.animation = false;
  [].concat(option.xAxis || [], option.yAxis || []).forEach(giveWords);
  var chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: width, height: height });
  try {
    chart.setOption(option);
    return JSON.stringify(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}
