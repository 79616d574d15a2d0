# Completion of the volt command for bash.

_volt_options() {
	local common="--help --usage --version"
	case $1 in
	run)
		echo "--tier= --preset= --hints= --cpu= --cache --cache= --cache-size= --sync --threshold= --level= --force-exit= --max-heap= --max-stack= --max-steps=" \
			"--allow= --stats --stats=json --profile= --perf --perf= --debugger --trace-compile --trace-exits --no-trace --collect-always --schedule-seed= $common"
		;;
	dump) echo "--output= $common" ;;
	asm) echo "--output= $common" ;;
	verify) echo "$common" ;;
	compile) echo "--emit= --func= --preset= --hints= --level= --target= --cpu= --output= --list-presets $common" ;;
	explain) echo "--func= --json $common" ;;
	*) echo "$common" ;;
	esac
}

# The functions of the module that stands in the command line.
_volt_functions() {
	local file
	for file in "${COMP_WORDS[@]:2}"; do
		[[ $file == *.vo[bt] ]] && volt dump "$file" 2>/dev/null | sed -n 's/^fn \([^ "]*\) .*/\1/p'
	done
}

# What an option takes: "words W...", "folders", "files", or "nothing" that could be offered. Fails where none was asked for.
_volt_values() {
	case $1 in
	--tier) echo "words auto interp llvm" ;;
	--hints) echo "words none weights cold both both+cc profile" ;;
	--cpu) echo "words native baseline x86-64-v2 x86-64-v3 x86-64-v4 armv8-a armv8.1-a" ;;
	--cache) echo "folders off" ;;
	--perf) echo "folders" ;;
	--stats) echo "words json" ;;
	--func) echo "words $(_volt_functions)" ;;
	--allow) echo "words fs env net process all" ;;
	--emit) echo "words ir asm obj metrics html" ;;
	--level) echo "words quick optimised" ;;
	--target) echo "words x86_64 aarch64" ;;
	--preset) echo "words $(volt compile --list-presets 2>/dev/null)" ;;
	--profile | --output | -o) echo "files" ;;
	--cache-size | --threshold | --force-exit | --max-heap | --max-stack | --max-steps | --schedule-seed) echo "nothing" ;;
	*) return 1 ;;
	esac
}

# Which file a command reads.
_volt_pattern() {
	case $1 in
	run | dump | verify | compile | explain) echo '*.vo[bt]' ;;
	asm) echo '*.vot' ;;
	esac
}

# Words and names of files that begin as the one that is completed.
_volt_offer() {
	local word=$1 kind=$2
	shift 2
	case $kind in
	words) mapfile -t COMPREPLY < <(compgen -W "$*" -- "$word") ;;
	folders)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -W "$*" -- "$word"; compgen -d -- "$word")
		;;
	files)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		;;
	modules)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -X "!$1" -- "$word"; compgen -d -- "$word")
		;;
	esac
}

# What stands behind "--" belongs to the program.
_volt_is_programs() {
	local i
	for ((i = 2; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -- ]] && return 0
	done
	return 1
}

_volt() {
	local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} is_behind_sign=
	COMPREPLY=()
	# bash splits words at "=": the option stands one or two words before its value.
	if [[ $word == = ]]; then
		word= is_behind_sign=1
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]} is_behind_sign=1
	fi
	# These have a value behind the sign only.
	[[ -z $is_behind_sign && $option == --@(cache|perf|stats) ]] && option=
	local values pattern
	if ((COMP_CWORD == 1)); then
		_volt_offer "$word" words run dump asm verify compile explain opcodes natives --help --version
	elif _volt_is_programs; then
		_volt_offer "$word" files
	elif values=$(_volt_values "$option"); then
		# shellcheck disable=SC2086 # they are words
		_volt_offer "$word" $values
	elif [[ $word == -* ]]; then
		_volt_offer "$word" words "$(_volt_options "${COMP_WORDS[1]}")"
		[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
	else
		pattern=$(_volt_pattern "${COMP_WORDS[1]}")
		[[ -n $pattern ]] && _volt_offer "$word" modules "$pattern"
	fi
}

complete -F _volt volt
