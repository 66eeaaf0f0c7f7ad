// Runs inside QuickJS, after echarts.min.js: one option in, one SVG out.
var shapes = {};
var UNKNOWN = 0.55;

// Marks stand above or below a letter and take no width of their own.
function isMark(code) {
  return code >= 0x300 && code <= 0x670 && (code <= 0x36f || code === 0x670 || (code >= 0x64b && code <= 0x65f));
}

function learnShapes(json) {
  shapes = JSON.parse(json);
  return true;
}

function joins(forms, form) {
  return Boolean(forms && forms.length > 1 && forms[form] !== null);
}

// The same as width() of ganj.charts.metrics: a joined letter is as wide as its form.
function measure(text, font) {
  var size = parseFloat((/([\d.]+)px/.exec(font) || [0, 12])[1]);
  var heavy = /(^|\s)(600|700|bold)\s/.test(font) ? 1.04 : 1;
  var letters = [];
  for (var letter of String(text)) {
    var point = letter.codePointAt(0);
    if (!isMark(point)) letters.push(point);
  }
  var em = 0;
  letters.forEach(function (code, at) {
    var unseen = (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x206f);
    var forms = shapes[code] || [unseen ? 0 : UNKNOWN];
    var before = joins(shapes[letters[at - 1]], 2) && joins(forms, 1);
    var after = joins(forms, 2) && joins(shapes[letters[at + 1]], 1);
    em += (forms.length > 1 ? forms[before + 2 * after] : forms[0]) || forms[0];
  });
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
