# Completion of the volt command for bash.

_volt_options() {
	local common="--help --usage --version"
	case $1 in
	run)
		echo "--tier= --preset= --hints= --cpu= --cache --cache= --cache-size= --sync --threshold= --level= --force-exit= --max-heap= --max-stack= --max-steps=" \
			"--allow= --stats --stats=json --no-trace --collect-always --schedule-seed= $common"
		;;
	dump) echo "--output= $common" ;;
	asm) echo "--output= --list-opcodes $common" ;;
	verify) echo "$common" ;;
	compile) echo "--emit= --func= --preset= --hints= --level= --target= --cpu= --output= --list-presets $common" ;;
	explain) echo "--func= --json $common" ;;
	*) echo "$common" ;;
	esac
}

_volt_values() {
	case $1 in
	--tier) echo "auto interp llvm" ;;
	--cpu) echo "native baseline" ;;
	--cache) echo "off" ;;
	--allow) echo "fs env net process all" ;;
	--emit) echo "ir asm obj metrics" ;;
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
		mapfile -t COMPREPLY < <(compgen -W "run dump asm verify compile explain --help --version" -- "$word")
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_volt_options "${COMP_WORDS[1]}")" -- "$word")
		[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -X '!*.vo[bt]' -- "$word"; compgen -d -- "$word")
	fi
}

complete -F _volt volt
