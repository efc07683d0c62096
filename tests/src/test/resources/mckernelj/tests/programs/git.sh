# A repository's life: commits, branches, a merge, a clone, packs.
cd work || exit
export HOME=$PWD GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z' GIT_CONFIG_NOSYSTEM=1
git config --global user.name N; git config --global user.email e@x; git config --global init.defaultBranch main
git init a; cd a; seq 1000 > f; git add f; git commit -m one; sed -i 5d f; echo x > g; git add .; git commit -m two; git log --stat --format='%H %s'
git checkout -b br; echo y >> g; git commit -am three; git checkout main; echo z > h; git add h; git commit -m four; git merge br -m merge; git log --graph --oneline | cat; git diff HEAD~1 | cat
cd ..; git clone a b 2>&1; cd b; git log --oneline; git fsck; git gc -q; git status; git grep -c 9 ; git blame f | head -3; git archive HEAD | tar t; git rebase -q HEAD~1; echo $?; git stash list; git tag v1; git describe
git bundle create ../x.bundle --all 2>&1 | tail -1; git verify-pack -v .git/objects/pack/*.idx | tail -2
