// How a page looks: in the light, in the dark, and on paper. Contestants differ by colour (of Okabe
// and Ito's palette, which the colour-blind tell apart, darkened or lightened to be seen:
// https://jfly.uni-koeln.de/color/) and by dashes.
#pragma once

#include <string_view>

namespace fas::simulation {

inline constexpr std::string_view page_style = R"(:root{color-scheme:light dark;
--page:#fff;--ink:#1c2024;--soft:#5a6370;--rule:#e2e6ea;--panel:#f6f8fa;
--c0:#0072b2;--c1:#c94f00;--c2:#008561;--c3:#b0558f;--c4:#3b4048;--c5:#b58900;--limit:#7a828c}
@media (prefers-color-scheme:dark){:root{
--page:#14171a;--ink:#e6e9ec;--soft:#9aa4af;--rule:#2b3138;--panel:#1b1f24;
--c0:#56b4e9;--c1:#ff8a4c;--c2:#2cc79a;--c3:#e79bc6;--c4:#d9dde2;--c5:#f0d23a;--limit:#8b949e}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:66rem;background:var(--page);
color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1.15rem;margin:2.5rem 0 .25rem}
h3{font-size:1rem;margin:1.25rem 0 0;font-weight:600}
p{margin:.25rem 0 .75rem;max-width:52rem}
a{color:inherit}
.kicker,.soft,h3 span,figcaption{color:var(--soft)}
.kicker{margin:0 0 .5rem;font-size:.9rem}
.lead{font-size:1.1rem}
h3 span{font-weight:400;margin-left:.5rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:.3rem .5rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule)}
th:first-child,.words td{text-align:left}
.words td{white-space:normal;vertical-align:top}
.words td:first-child{white-space:nowrap;width:1%}
thead th{color:var(--soft);font-weight:500}
tbody th{font-weight:600}
tr.apart th{font-weight:400;color:var(--soft);padding-top:1rem}
td.best{font-weight:700}
.legend{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;
background:var(--page);border-bottom:1px solid var(--rule);padding:.6rem 0;margin:2rem 0 0}
.legend label{display:flex;align-items:center;gap:.4rem;cursor:pointer}
.legend input{margin:0;accent-color:var(--ink)}
figure{margin:.25rem 0 0}
figcaption{font-size:.85rem}
svg{display:block;width:100%;min-width:40rem;height:auto;overflow:visible}
svg.swatch{display:inline-block;width:2.25rem;min-width:0;height:.75rem;vertical-align:middle}
.grid path,.moments path{stroke:var(--rule);stroke-width:2}
.grid text,.moments text,.label{font-size:22px;fill:var(--soft)}
.grid text{text-anchor:end}
.moments text{text-anchor:middle}
.label{fill:var(--ink)}
.leftward{text-anchor:end}
.line{fill:none;stroke:var(--c);stroke-dasharray:var(--d);stroke-width:2.5;stroke-linejoin:round}
.c0 .line,.line.c0{stroke-width:4}
.tasks .line{stroke-dasharray:none;stroke-width:2}
.area{fill:var(--c);fill-opacity:.18}
circle{fill:var(--c);stroke:var(--c);stroke-width:2}
circle.in{fill:var(--page)}
circle:hover{stroke-width:8}
.c0{--c:var(--c0);--d:none}
.c1{--c:var(--c1);--d:14 6}
.c2{--c:var(--c2);--d:4 5}
.c3{--c:var(--c3);--d:18 5 4 5}
.c4{--c:var(--c4);--d:8 4}
.c5{--c:var(--c5);--d:14 4 3 4 3 4}
.limit{--c:var(--limit);--d:2 6}
details{font-size:.9rem;margin:.25rem 0 0}
summary{cursor:pointer;color:var(--soft)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem;margin:.5rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11pt}
.legend{position:static}.legend input{display:none}
figure,table,tr{break-inside:avoid}.words{break-inside:auto}h2,h3{break-after:avoid}
.wide{overflow:visible}svg{min-width:0}details::details-content{content-visibility:visible}}
)";

}  // namespace fas::simulation
