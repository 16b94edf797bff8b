#include "simulation/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "simulation/columns.h"
#include "simulation/headline.h"
#include "simulation/html.h"
#include "simulation/page_charts.h"
#include "simulation/parameters.h"

namespace fas::simulation {

namespace {

std::string swatch(const Comparison& comparison, const Contestant& one) {
    return fmt::format(
        "<svg class=\"swatch\" viewBox=\"0 0 72 24\" aria-hidden=\"true\"><path class=\"line {}\" "
        "d=\"M2 12h68\"/></svg>",
        style_of(comparison, one));
}

std::string introduction(const Comparison& comparison) {
    const auto [own, peers] = headline_of(comparison);
    std::string text =
        fmt::format("<p class=\"kicker\">fast-autoscaler simulate: {}</p>\n<h1>{}</h1>\n",
                    html_escape(trace_sentence(comparison.world.trace)), html_escape(own));
    if (!peers.empty()) text += fmt::format("<p class=\"lead\">{}.</p>\n", html_escape(peers));
    return text;
}

class FiguresTable {
  public:
    FiguresTable(const Comparison& comparison, std::string_view title, std::vector<Column> columns)
        : comparison_(comparison), title_(title), columns_(std::move(columns)) {
        for (const Column& column : columns_) best_.push_back(best_of(column));
    }

    std::string text() const {
        std::string text = fmt::format(
            "<section><h2>{}</h2><div class=\"wide\"><table>\n<thead><tr><th></th>", title_);
        for (const Column& column : columns_) {
            text += fmt::format("<th scope=\"col\" title=\"{}\">{}</th>", html_escape(column.says),
                                html_escape(column.heading));
        }
        text += "</tr></thead>\n<tbody>\n" + rows(true);
        if (const std::string apart = rows(false); !apart.empty()) {
            text += fmt::format(
                "<tr class=\"apart\"><th colspan=\"{}\" scope=\"rowgroup\">Beside "
                "them, and not judged</th></tr>\n{}",
                columns_.size() + 1, apart);
        }
        return text + "</tbody></table></div></section>\n";
    }

  private:
    // Of those that are judged; nothing where all have the same.
    std::optional<double> best_of(const Column& column) const {
        std::vector<double> values;
        for (const Contestant& one : comparison_.contestants) {
            const auto value = column.value(one);
            if (one.judged && value) values.push_back(*value);
        }
        if (values.empty()) return std::nullopt;
        const auto [least, greatest] = std::ranges::minmax(values);
        return least < greatest ? std::optional{least} : std::nullopt;
    }

    std::string rows(bool judged) const {
        std::string text;
        for (const Contestant& one : comparison_.contestants) {
            if (one.judged == judged) text += row(one);
        }
        return text;
    }

    std::string row(const Contestant& one) const {
        std::string text = fmt::format("<tr><th scope=\"row\">{} {}</th>", swatch(comparison_, one),
                                       html_escape(one.name));
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const bool best = one.judged && best_[i] && columns_[i].value(one) == best_[i];
            text += fmt::format("<td{}>{}</td>", best ? " class=\"best\"" : "",
                                html_escape(columns_[i].text_of(one)));
        }
        return text + "</tr>\n";
    }

    const Comparison& comparison_;
    std::string_view title_;
    std::vector<Column> columns_;
    std::vector<std::optional<double>> best_;  // of each column
};

std::string figures(const Comparison& comparison) {
    return FiguresTable{comparison, "How long messages waited", wait_columns(comparison)}.text() +
           FiguresTable{comparison, "What it took", cost_columns(comparison)}.text();
}

// Which contestants the charts show: the boxes hide by style alone, without a script.
std::string legend(const Comparison& comparison) {
    std::string boxes;
    for (std::size_t i = 0; i < comparison.contestants.size(); ++i) {
        const Contestant& one = comparison.contestants[i];
        boxes += fmt::format(
            "<label><input type=\"checkbox\" id=\"show{}\" checked=\"checked\"/>{}"
            "{}</label>\n",
            i, swatch(comparison, one), html_escape(one.name));
    }
    return fmt::format(
        "<div class=\"legend\" role=\"group\" aria-label=\"Whom the charts show\">\n"
        "{}</div>\n",
        boxes);
}

std::string legend_style(const Comparison& comparison) {
    std::string style;
    for (std::size_t i = 0; i < comparison.contestants.size(); ++i) {
        style += fmt::format("body:has(#show{0}:not(:checked)) .of{0}{{display:none}}\n", i);
    }
    return style;
}

std::string link_to(const std::string& address) {
    std::string html = html_escape(address);
    if (!address.starts_with("https://")) return html;
    return fmt::format("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", html);
}

std::string contestants_described(const Comparison& comparison) {
    std::string text;
    for (const Contestant& one : comparison.contestants) {
        if (one.follows.empty() && one.note.empty()) continue;
        text += fmt::format("<dt>{}</dt><dd>{}{}{}</dd>\n", html_escape(one.name),
                            html_escape(one.note),
                            one.note.empty() || one.follows.empty() ? "" : "; as in ",
                            one.follows.empty() ? "" : link_to(one.follows));
    }
    if (text.empty()) return {};
    return fmt::format("<section><h2>Who they are</h2><dl>\n{}</dl></section>\n", text);
}

std::string world_described(const Comparison& comparison) {
    std::string text;
    for (const Parameter& one : parameters_of(comparison)) {
        text +=
            fmt::format("<dt>{}</dt><dd>{}</dd>\n", html_escape(one.name), html_escape(one.value));
    }
    for (const std::string& note : comparison.notes) {
        text += fmt::format("<dt>note</dt><dd>{}</dd>\n", html_escape(note));
    }
    return fmt::format("<section><h2>What was simulated</h2><dl>\n{}</dl></section>\n", text);
}

std::string title_of(const Comparison& comparison) {
    return comparison.contestants.empty() ? "Simulation"
                                          : "Simulation of " + comparison.contestants.front().name;
}

}  // namespace

std::string comparison_page(const Comparison& comparison, const std::string& more) {
    return html_document(title_of(comparison),
                         introduction(comparison) + figures(comparison) + legend(comparison) +
                             page_charts(comparison) + more + contestants_described(comparison) +
                             world_described(comparison),
                         legend_style(comparison));
}

}  // namespace fas::simulation
