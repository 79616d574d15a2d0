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

_volt_values() {
	case $1 in
	--tier) echo "auto interp llvm" ;;
	--hints) echo "none weights cold both both+cc profile" ;;
	--cpu) echo "native baseline x86-64-v2 x86-64-v3 x86-64-v4 armv8-a armv8.1-a" ;;
	--cache) echo "off" ;;
	--stats) echo "json" ;;
	--func) _volt_functions ;;
	--allow) echo "fs env net process all" ;;
	--emit) echo "ir asm obj metrics html" ;;
	--level) echo "quick optimised" ;;
	--target) echo "x86_64 aarch64" ;;
	--preset) volt compile --list-presets 2>/dev/null ;;
	esac
}

_volt() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	# bash splits words at "=": the option stands one or two words before its value.
	if [[ $word == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 1]} word=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	local values
	values=$(_volt_values "$before")
	if [[ -n $values ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
	elif ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "run dump asm verify compile explain opcodes natives --help --version" -- "$word")
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_volt_options "${COMP_WORDS[1]}")" -- "$word")
		[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -X '!*.vo[bt]' -- "$word"; compgen -d -- "$word")
	fi
}

complete -F _volt volt
