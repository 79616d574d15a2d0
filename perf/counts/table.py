"""What is shown: a table for people, JSON for programs."""

import json

REFERENCE = "baseline"  # what ratios of instructions are taken to
COUNTS = ["instructions", "loads", "stores", "taken_branches", "calls"]


def ratio(row, rows):
    """Instructions beside the reference on the same machine; None where it was not counted."""
    reference = [other["instructions"] for other in rows
                 if other["preset"] == REFERENCE and other["target"] == row["target"]]
    return row["instructions"] / reference[0] if reference else None


def cells(row, rows):
    value = ratio(row, rows)
    return [row["target"], row["preset"], "" if value is None else f"{value:.3f}"] + [str(row[name]) for name in COUNTS]


def print_table(kernel, rows):
    lines = [["target", "preset", "ratio"] + [name.replace("_", " ") for name in COUNTS]]
    lines += [cells(row, rows) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    arguments = ", ".join(map(str, kernel.arguments))
    print(f"\n{kernel.program}: {kernel.function}({arguments}) = {kernel.result}; "
          f"ratio: instructions to {REFERENCE}")
    for line in lines:
        text = [cell.ljust(width) if column < 2 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(text).rstrip(), flush=True)


def as_json(kernel, rows):
    return {"kernel": kernel.program, "function": kernel.function, "arguments": list(kernel.arguments),
            "result": kernel.result, "counts": [{name: row[name] for name in ["target", "preset"] + COUNTS}
                                                for row in rows]}


def write_json(path, counted):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"kernels": [as_json(kernel, rows) for kernel, rows in counted]}, file, indent=1)
        file.write("\n")
