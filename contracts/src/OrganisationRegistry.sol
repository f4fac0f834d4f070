// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { Ownable2Step } from "@openzeppelin/contracts/access/Ownable2Step.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { IOrganisationRegistry, ROLE_RECORD } from "./interfaces/IOrganisationRegistry.sol";

/// @title OrganisationRegistry
/// @notice See {IOrganisationRegistry}. The registrar is the owner in the sense of Ownable2Step.
contract OrganisationRegistry is IOrganisationRegistry, Ownable2Step, EIP712 {
    struct KeyRange {
        uint64 added;
        uint64 revoked;
    }

    bytes32 private constant KEY_ADDITION_TYPEHASH =
        keccak256("KeyAddition(bytes32 organisation,address key,uint256 nonce)");
    bytes32 private constant KEY_REVOCATION_TYPEHASH =
        keccak256("KeyRevocation(bytes32 organisation,address key,uint256 nonce)");

    /// @inheritdoc IOrganisationRegistry
    mapping(bytes32 organisation => uint256 roles) public override rolesOf;

    /// @inheritdoc IOrganisationRegistry
    mapping(bytes32 organisation => uint256 nonce) public override nonces;

    /// @inheritdoc IOrganisationRegistry
    mapping(bytes32 organisation => mapping(address key => KeyRange range)) public override keyRange;

    mapping(bytes32 organisation => bool registered) private _registered;

    constructor(address registrar) Ownable(registrar) EIP712("Lotmark", "1") { }

    /// @inheritdoc IOrganisationRegistry
    function mayRecord(bytes32 organisation, address key) external view override returns (bool) {
        KeyRange memory range = keyRange[organisation][key];
        // Nobody can bend this equality: `revoked` is zero until the one revocation.
        // slither-disable-next-line incorrect-equality
        bool valid = range.added != 0 && (range.revoked == 0 || block.number < range.revoked);
        return valid && rolesOf[organisation] & ROLE_RECORD != 0;
    }

    /// @inheritdoc IOrganisationRegistry
    function register(
        string calldata uri,
        address key,
        uint256 roles
    )
        external
        override
        onlyOwner
        returns (bytes32 organisation)
    {
        if (bytes(uri).length == 0) revert OrganisationRegistry_EmptyUri();
        organisation = keccak256(bytes(uri));
        if (_registered[organisation]) revert OrganisationRegistry_AlreadyRegistered(organisation);

        _registered[organisation] = true;
        rolesOf[organisation] = roles;
        emit OrganisationRegistered(organisation, uri, roles);
        _addKey(organisation, key);
    }

    /// @inheritdoc IOrganisationRegistry
    function setRoles(bytes32 organisation, uint256 roles) external override onlyOwner {
        if (!_registered[organisation]) revert OrganisationRegistry_NotRegistered(organisation);

        rolesOf[organisation] = roles;
        emit RolesChanged(organisation, roles);
    }

    /// @inheritdoc IOrganisationRegistry
    function addKey(bytes32 organisation, address key, bytes calldata signature) external override {
        _useSignature(KEY_ADDITION_TYPEHASH, organisation, key, signature);
        _addKey(organisation, key);
    }

    /// @inheritdoc IOrganisationRegistry
    function revokeKey(bytes32 organisation, address key) external override {
        if (msg.sender != owner() && !_isActive(keyRange[organisation][msg.sender])) {
            revert OrganisationRegistry_MayNotRevoke(organisation, msg.sender);
        }
        _revokeKey(organisation, key);
    }

    /// @inheritdoc IOrganisationRegistry
    function revokeKey(bytes32 organisation, address key, bytes calldata signature) external override {
        _useSignature(KEY_REVOCATION_TYPEHASH, organisation, key, signature);
        _revokeKey(organisation, key);
    }

    /// @notice Always reverts: without a registrar no stolen key could be ended.
    function renounceOwnership() public view override onlyOwner {
        revert OrganisationRegistry_RenounceRefused(msg.sender);
    }

    function _addKey(bytes32 organisation, address key) private {
        if (key == address(0)) revert OrganisationRegistry_ZeroKey(organisation);
        KeyRange storage range = keyRange[organisation][key];
        if (range.added != 0) revert OrganisationRegistry_KeyKnown(organisation, key, range.added, range.revoked);

        uint64 added = uint64(block.number);
        range.added = added;
        emit KeyAdded(organisation, key, added);
    }

    function _revokeKey(bytes32 organisation, address key) private {
        KeyRange storage range = keyRange[organisation][key];
        _requireActive(organisation, key);

        uint64 revoked = uint64(block.number) + 1;
        range.revoked = revoked;
        emit KeyRevoked(organisation, key, revoked);
    }

    /// @dev Requires that an unrevoked key of the organisation signed this operation, and spends the nonce.
    function _useSignature(bytes32 typehash, bytes32 organisation, address key, bytes calldata signature) private {
        uint256 nonce = nonces[organisation]++;
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(typehash, organisation, key, nonce)));
        // The third value only details the failure, and our error shows the whole signature.
        // slither-disable-next-line unused-return
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure != ECDSA.RecoverError.NoError) {
            revert OrganisationRegistry_InvalidSignature(organisation, signature);
        }
        _requireActive(organisation, signer);
    }

    function _requireActive(bytes32 organisation, address key) private view {
        KeyRange storage range = keyRange[organisation][key];
        if (!_isActive(range)) {
            revert OrganisationRegistry_KeyNotActive(organisation, key, range.added, range.revoked);
        }
    }

    /// @dev Stricter than valid: a key revoked in this very block manages keys no more.
    function _isActive(KeyRange storage range) private view returns (bool) {
        return range.added != 0 && range.revoked == 0;
    }
}
