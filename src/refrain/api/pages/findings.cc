// What an inspection found as a table of a page, in two languages: sentences are English, and in
// the Chinese view a title, the count and the lines stand in their place.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "refrain/api/inspection.h"
#include "refrain/api/pages/parts.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

using report::both;
using report::Words;

constexpr std::size_t kShownFindings = 20, kShownLines = 8, kLongest = 400;

struct FindingTitle {
  const char* check;
  const char *title, *remedy;  // in Chinese; no remedy: the English one
};

constexpr FindingTitle kTitles[] = {
    {"copies_across", "两个文件中有相同样本", "请从其中一个文件删除，否则分数只反映记忆"},
    {"contradictions_across", "两个文件中相同样本的标签不一致", "请确认哪个标签正确"},
    {"near_copies_across", "两个文件中有近似样本", "请检查：缩放、裁剪或改写的副本同样造成泄漏"},
    {"groups_across", "同一分组出现在两个文件中", "请把整个分组放在同一侧"},
    {"copies", "文件内有重复样本", "划分时会放在一起；若属误录请删除"},
    {"near_copies", "文件内有近似样本", "若来自同一记录，请用 --group 指明分组"},
    {"contradictions", "相同样本的标签不一致", "这些标签不可能全对：请确定或删除"},
    {"unit", "通道的单位不同", "请统一两个文件的单位"},
    {"offset", "通道有偏移", "请统一两个文件的单位"},
    {"exchanged_channels", "通道似乎互换了位置", "请核对两个文件的列顺序"},
    {"stopped_channel", "通道停止变化", "传感器是否损坏，或该列被填成同一个值？"},
    {"constant_channel", "通道始终不变", "它不含信息：请去掉，或查明原因"},
    {"still_channel", "部分样本中通道静止", "当时传感器是否断开？请删除或标为缺失"},
    {"no_values", "部分样本没有任何数值", "请删除，或查明数值为何丢失"},
    {"missing_values", "有缺失值", "以均值代替并作标记（--mask）"},
    {"other_scale", "部分样本的尺度不同", "单位是否不同，或小数点是否丢失？"},
    {"spikes", "有孤立的尖峰", "若是传感器故障，请标为缺失"},
    {"clipped_values", "许多数值恰在范围端点", "是否达到传感器量程？"},
    {"one_step", "部分序列只有一步", "其中没有顺序可学"},
    {"drift", "两个文件的分布不同", "实际分数可能低于交叉验证的估计"},
    {"encoding", "文件不是 UTF-8 编码", "请另存为 UTF-8"},
    {"misread_text", "文本按错误的编码读取过", "请从原始文件重新读取"},
    {"replaced_characters", "文本中有丢失的字符", "请从原始文件重新读取"},
    {"empty_text", "有空文本", "请删除"},
    {"one_word", "有只含一个词的文本", ""},
    {"markup", "文本含标记语言", "若非内容的一部分，请去掉"},
    {"control_characters", "文本含控制字符", "请去掉"},
    {"clipped_sound", "录音削波", "请降低录音电平"},
    {"silent_sound", "录音无声", "请删除或重录"},
    {"several_rates", "录音采样率不同", ""},
    {"one_class", "只有一个类别", "分类至少需要两个类别"},
    {"rare_classes", "有样本很少的类别", "请补充样本，或合并类别"},
    {"uneven_classes", "类别不均衡", ""},
    {"absent_class", "有类别没有出现", ""},
    {"sorted_labels", "样本按标签排序", ""},
    {"alike_names", "有相似的名称", "若为同一名称，请统一写法"},
    {"likely_group", "某列可能是分组", "若是，请用 --group 指明"},
};

const FindingTitle* title_of(const std::string& check) {
  const auto* found = std::find_if(std::begin(kTitles), std::end(kTitles),
                                   [&](const auto& t) { return check == t.check; });
  return found == std::end(kTitles) ? nullptr : found;
}

Words severity_words(const std::string& severity) {
  if (severity == "error") return {"error", "错误"};
  if (severity == "warning") return {"warning", "警告"};
  return {"note", "提示"};
}

std::string chinese(const DataFinding& f, const FindingTitle& t) {
  std::string out = t.title;
  if (!f.where.empty()) out += "（" + f.where + "）";
  if (f.count > 0) out += fmt::format("：{} 个样本", f.count);
  if (f.lines.empty()) return out;
  const auto shown = std::min(kShownLines, f.lines.size());
  out += fmt::format(
      "，第 {} 行",
      fmt::join(f.lines.begin(), f.lines.begin() + static_cast<std::ptrdiff_t>(shown), "、"));
  return shown < f.lines.size() ? out + " 等" : out;
}

}  // namespace

std::string findings_told(const Inspection& found) {
  std::vector<report::Cells> rows;
  for (const auto& f : found.findings) {
    if (rows.size() == kShownFindings) break;
    Words what = report::same(report::harmless(f.sentence, kLongest));
    Words remedy = report::same(report::harmless(f.remedy, kLongest));
    if (const FindingTitle* t = title_of(f.check)) {
      what.zh = report::harmless(chinese(f, *t), kLongest);
      if (*t->remedy != '\0') remedy.zh = t->remedy;
    }
    rows.push_back({both(severity_words(f.severity)), "<bdi>" + both(what) + "</bdi>",
                    "<bdi>" + both(remedy) + "</bdi>"});
  }
  if (rows.empty()) return "";
  return report::table({both(Words{"kind", "类别"}), both(Words{"what was found", "发现"}),
                        both(Words{"what to do", "建议"})},
                       rows);
}

}  // namespace refrain::api
